package dev.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads the Containerfiles as text: there is no container engine where this runs. */
class ContainerfileTest {

  private static final Path ROOT = Path.of("..");
  private static final Pattern BASE = Pattern.compile("(?m)^ARG (?:BUILD|RUNTIME)_IMAGE=(\\S+)$");
  private static final Pattern OUTPUT =
      Pattern.compile("(?m)^COPY --from=build /src/(\\S+?)/target/(\\S+) (\\S+)$");

  @ParameterizedTest
  @ValueSource(strings = {"control-plane", "data-plane", "ui-api", "db-migrations"})
  void copiesWhatTheModuleBuilds(String module) throws IOException {
    // Given
    String pom = Files.readString(ROOT.resolve(module).resolve("pom.xml"));
    String containerfile = read(module);

    // When
    List<MatchResult> copies = OUTPUT.matcher(containerfile).results().toList();

    // Then
    assertThat(copies).extracting(it -> it.group(1)).containsOnly(module);
    if (pom.contains("<artifactId>quarkus-maven-plugin</artifactId>")) {
      assertThat(copies).extracting(it -> it.group(2)).containsExactly("quarkus-app/");
      assertThat(containerfile).contains("\"-jar\", \"/app/quarkus-run.jar\"]");
    } else {
      String jar = "penstock-" + module + ".jar";
      assertThat(pom).contains("<main.class>", "<finalName>penstock-" + module + "</finalName>");
      assertThat(pom).contains("<artifactId>maven-dependency-plugin</artifactId>");
      assertThat(copies).extracting(it -> it.group(2)).containsExactly("lib/", jar);
      // The jar's manifest names its libraries as lib/…, so both lie in one folder.
      assertThat(copies).extracting(it -> it.group(3)).containsExactly("/app/lib/", "/app/" + jar);
      assertThat(containerfile).contains("\"-jar\", \"/app/" + jar + "\"]");
    }
    assertThat(containerfile).contains(" -pl " + module + " -am package");
  }

  @ParameterizedTest
  @ValueSource(strings = {"control-plane", "data-plane", "ui-api", "db-migrations"})
  void runsAsAnOrdinaryUserWithoutAShell(String module) throws IOException {
    String containerfile = read(module);
    String last = containerfile.substring(containerfile.lastIndexOf("\nFROM ") + 1);

    assertThat(last.lines().filter(it -> it.startsWith("USER ")))
        .containsExactly("USER 10001:10001");
    assertThat(last).doesNotContain("\nRUN ", "\nADD ", "\nCMD ");
    assertThat(last.lines().filter(it -> it.startsWith("ENTRYPOINT ")))
        .singleElement()
        .satisfies(it -> assertThat(it).startsWith("ENTRYPOINT [\"java\", "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"control-plane", "data-plane", "ui-api", "db-migrations"})
  void namesTheVersionOfEveryBase(String module) throws IOException {
    String containerfile = read(module);

    assertThat(BASE.matcher(containerfile).results().map(it -> it.group(1)))
        .hasSize(2)
        .allMatch(
            it -> it.matches("[^:@]+/[^:@]+(:[^:@]*[0-9]+\\.[0-9]+[^:@]*|@sha256:[0-9a-f]{64})"));
    assertThat(containerfile).doesNotContainIgnoringCase("latest");
    assertThat(containerfile.lines().filter(it -> it.startsWith("FROM ")))
        .containsExactly("FROM ${BUILD_IMAGE} AS build", "FROM ${RUNTIME_IMAGE}");
  }

  @Test
  void makesNoImageOfTheSimulator() throws IOException {
    try (Stream<Path> modules = Files.list(ROOT)) {
      assertThat(modules.filter(it -> Files.exists(it.resolve("Containerfile"))))
          .extracting(it -> it.getFileName().toString())
          .containsExactlyInAnyOrder("control-plane", "data-plane", "ui-api", "db-migrations");
    }
  }

  @Test
  void showsNoBuildTheStateAndKeysOfThisMachine() throws IOException {
    assertThat(Files.readString(ROOT.resolve(".dockerignore")).lines())
        .contains("**/.penstock", "**/target", ".git");
  }

  private static String read(String module) throws IOException {
    return Files.readString(ROOT.resolve(module).resolve("Containerfile"));
  }
}
