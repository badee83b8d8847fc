package dev.penstock.cli.keycloak;

import dev.penstock.cli.installation.OwnerOnly;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The programs, from their Maven distribution (177 MB): fetched by Maven as every other dependency
 * is, so mirrors, proxies and an offline repository work as they do for the build. Prepared once:
 * Keycloak wants its options of build time to be built in, and starts in half the time then.
 */
public final class KeycloakDistribution {
  private static final String VERSION = "26.7.3";
  private static final String ARTIFACT = "keycloak-quarkus-dist";
  private static final String COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy";

  private final Path home;

  private KeycloakDistribution(Path home) {
    this.home = home;
  }

  /**
   * Fetches, unpacks and builds what is not there yet; takes from seconds to minutes. What was cut
   * off is begun anew; of two that try at once, one waits for the other.
   */
  public static KeycloakDistribution preparedIn(Path tools, Chores chores) {
    Path home = tools.resolve("keycloak-" + VERSION);
    try {
      Files.createDirectories(tools);
      try (FileChannel lock =
          FileChannel.open(
              tools.resolve("keycloak.lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE)) {
        lock.lock();
        if (!Files.exists(home)) {
          prepare(tools, home, chores);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot prepare Keycloak in " + tools, e);
    }
    return new KeycloakDistribution(home);
  }

  private static void prepare(Path tools, Path home, Chores chores) throws IOException {
    Path draft = tools.resolve("keycloak.new");
    OwnerOnly.wipe(draft);
    Files.createDirectories(draft);
    chores.run(
        draft,
        List.of(
            "mvn",
            "-B",
            "-q",
            COPY,
            "-Dartifact=org.keycloak:" + ARTIFACT + ":" + VERSION + ":zip",
            "-DoutputDirectory=" + draft));
    Path archive = draft.resolve(ARTIFACT + "-" + VERSION + ".zip");
    unpack(archive, draft);
    Files.delete(archive);
    KeycloakDistribution unpacked = new KeycloakDistribution(draft.resolve("keycloak-" + VERSION));
    List<String> build = new ArrayList<>(unpacked.java(unpacked.home));
    build.addAll(List.of("build", "--db=dev-file"));
    chores.run(draft, build);
    Files.move(unpacked.home, home, StandardCopyOption.ATOMIC_MOVE);
    OwnerOnly.wipe(draft);
  }

  private static void unpack(Path archive, Path target) throws IOException {
    try (InputStream packed = Files.newInputStream(archive);
        ZipInputStream zip = new ZipInputStream(new BufferedInputStream(packed))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path path = target.resolve(entry.getName()).normalize();
        if (!path.startsWith(target)) {
          throw new IOException("an archive entry outside its folder: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(path);
        } else {
          Files.createDirectories(path.resolveSibling("."));
          Files.copy(zip, path);
        }
      }
    }
  }

  Path home() {
    return home;
  }

  /**
   * The JVM without the script around it, so that the child of {@code up} is Keycloak itself.
   *
   * @param data the home whose {@code data} and {@code conf} are used
   */
  List<String> java(Path data) {
    return List.of(
        "nice", // beside the gateway: what is measured and what people wait for comes first
        "-n",
        "10",
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xms64m",
        "-Xmx384m",
        "-XX:MaxMetaspaceSize=256m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:+ExitOnOutOfMemoryError",
        "-Djava.util.concurrent.ForkJoinPool.common.threadFactory="
            + "io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory",
        "-Djava.net.preferIPv4Stack=true",
        "-Duser.language=en",
        "-Duser.country=US",
        "-Dfile.encoding=UTF-8",
        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
        "-Dquarkus-log-max-startup-records=10000",
        "-Dkc.home.dir=" + data,
        "-Djboss.server.config.dir=" + data.resolve("conf"),
        "--add-opens=java.base/java.util=ALL-UNNAMED",
        "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
        "--add-opens=java.base/java.security=ALL-UNNAMED",
        "--add-opens=java.base/java.lang=ALL-UNNAMED",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        home.resolve("lib/quarkus-run.jar").toString(),
        "io.quarkus.bootstrap.runner.QuarkusEntryPoint");
  }
}
