package dev.penstock.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.cli.installation.OwnerOnly;
import dev.penstock.it.kit.Command;
import dev.penstock.it.kit.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code ./penstock} finds a JDK that is new enough, whatever {@code java} is first. */
class JdkFinderTest {
  private static final String TOOLS = "/usr/bin:/bin";

  private final Path folder = Repository.scratch("jdk-finder");

  @BeforeEach
  void clear() {
    OwnerOnly.wipe(folder);
  }

  @Test
  void looksFurtherWhenTheJavaOnThePathIsTooOld() throws IOException {
    // Given
    Path old = fakeJdk("17.0.1");

    // When
    Command version = version(Map.of("PATH", old.resolve("bin") + ":" + TOOLS, "HOME", home()));

    // Then
    assertThat(version.exitCode()).as(version.output()).isZero();
    assertThat(version.output()).contains("penstock 0.");
  }

  @Test
  void looksFurtherWhenJavaHomeIsTooOld() throws IOException {
    // Given
    Path old = fakeJdk("21.0.5");

    // When
    Command version = version(Map.of("JAVA_HOME", old.toString(), "PATH", TOOLS, "HOME", home()));

    // Then
    assertThat(version.exitCode()).as(version.output()).isZero();
  }

  @Test
  void looksFurtherWhenThereIsNoJavaOnThePath() throws IOException {
    // Given
    Path tools = toolsWithoutJava();

    // When
    Command version = version(Map.of("PATH", tools.toString(), "HOME", home()));

    // Then
    assertThat(version.exitCode()).as(version.output()).isZero();
  }

  @Test
  void saysWhatToInstallWhenThereIsNone() throws IOException {
    // Given: a copy of the script that looks for a JDK which nobody has yet
    Path copy = folder.resolve("copy");
    Files.createDirectories(copy.resolve("scripts"));
    Files.copy(Repository.root().resolve("penstock"), copy.resolve("penstock"));
    String finder = Files.readString(Repository.root().resolve("scripts/find-jdk.sh"));
    Files.writeString(
        copy.resolve("scripts/find-jdk.sh"), finder.replace("required_jdk=25", "required_jdk=999"));

    // When
    Command version =
        Command.run(
            copy, Map.of(), List.of("sh", copy.resolve("penstock").toString(), "--version"));

    // Then
    assertThat(version.exitCode()).as(version.output()).isEqualTo(78);
    assertThat(version.output())
        .contains("no JDK 999 or newer was found", "JAVA_HOME", "Install one");
  }

  private static Command version(Map<String, String> environment) {
    Map<String, String> all = new HashMap<>();
    all.put("PENSTOCK_JAVA_HOME", "");
    all.put("JAVA_HOME", "");
    all.put("PENSTOCK_STATE_DIR", Repository.scratch("jdk-finder-state").toString());
    all.putAll(environment);
    return Command.penstock(all, "--version");
  }

  /** A home in whose usual place for JDKs lies the one that runs this test. */
  private String home() throws IOException {
    Path jdks = Files.createDirectories(folder.resolve("home/.jdks"));
    Files.createSymbolicLink(jdks.resolve("new-enough"), Path.of(System.getProperty("java.home")));
    return folder.resolve("home").toString();
  }

  private Path fakeJdk(String version) throws IOException {
    Path home = folder.resolve("jdk-" + version);
    Files.createDirectories(home.resolve("bin"));
    for (String program : List.of("java", "javac")) {
      Path file = home.resolve("bin").resolve(program);
      Files.writeString(file, "#!/bin/sh\necho 'too old' >&2\nexit 99\n");
      assertThat(file.toFile().setExecutable(true)).isTrue();
    }
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"%s\"\n".formatted(version));
    return home;
  }

  private Path toolsWithoutJava() throws IOException {
    Path tools = Files.createDirectories(folder.resolve("tools"));
    for (String program :
        List.of("sh", "ls", "sed", "dirname", "mkdir", "find", "head", "cat", "rm")) {
      Path where =
          List.of("/usr/bin", "/bin").stream()
              .map(bin -> Path.of(bin, program))
              .filter(Files::exists)
              .findFirst()
              .orElseThrow();
      Files.createSymbolicLink(tools.resolve(program), where);
    }
    return tools;
  }
}
