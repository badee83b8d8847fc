package dev.penstock.benchmarks.target;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One nginx worker that proxies without buffering; its configuration is made in a folder of ours.
 */
final class Nginx extends ChildTarget {
  private final String version;

  Nginx(Path program, InetSocketAddress address, Direct provider, Path folder) {
    super(address, provider, child(program, address, provider, folder));
    version = version(program);
  }

  /** One with a configuration for these addresses, which it writes. */
  private static Child child(
      Path program, InetSocketAddress address, Direct provider, Path folder) {
    Path configuration = folder.resolve("nginx.conf");
    write(configuration, address.getPort(), provider.address().getPort(), folder);
    return new Child(
        List.of(
            program.toString(),
            "-p",
            folder.toString(),
            "-e",
            folder.resolve("nginx-error.log").toString(),
            "-c",
            configuration.toString()),
        folder.resolve("nginx.log"));
  }

  /** On PATH, or where systems put it that keep it from the PATH of ordinary users. */
  static Optional<Path> find(String path) {
    return Stream.concat(
            Stream.of(path.split(File.pathSeparator, -1)).filter(folder -> !folder.isEmpty()),
            Stream.of("/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/bin"))
        .map(folder -> Path.of(folder, "nginx"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static void write(Path file, int port, int providerPort, Path folder) {
    try (InputStream template =
        Objects.requireNonNull(Nginx.class.getResourceAsStream("nginx.conf"), "nginx.conf")) {
      String text =
          new String(template.readAllBytes(), StandardCharsets.UTF_8)
              .replace("${PORT}", Integer.toString(port))
              .replace("${PROVIDER_PORT}", Integer.toString(providerPort))
              .replace("${FOLDER}", folder.toString());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  /** It says {@code nginx version: nginx/1.22.1}, on its standard error. */
  private static String version(Path program) {
    try {
      Process asked =
          new ProcessBuilder(program.toString(), "-v").redirectErrorStream(true).start();
      String said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return said.replace("nginx version:", "").strip();
    } catch (IOException e) {
      return "nginx of unknown version";
    }
  }

  @Override
  public String name() {
    return "nginx";
  }

  @Override
  public String description() {
    return version + ", one worker, proxy_buffering off, keep-alive on both sides";
  }

  @Override
  public boolean needsWarmUp() {
    return false;
  }
}
