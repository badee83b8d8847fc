package dev.penstock.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.it.kit.Command;
import dev.penstock.it.kit.PenstockTester;
import dev.penstock.it.kit.Repository;
import dev.penstock.it.kit.SharedStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the documents point to is there, and what they tell to type works. */
@ExtendWith(SharedStack.class)
class DocumentsTest {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern CURL = Pattern.compile("(?m)^curl (?:.*\\\\\\n)*.*$");

  /** What the identity provider gives, which this installation has not. */
  private static final String NEEDS_SIGN_ON = "$TOKEN";

  private static final List<String> NOT_OURS =
      List.of("target", ".penstock", ".git", "node_modules");

  private final PenstockTester tester;

  DocumentsTest(PenstockTester tester) {
    this.tester = tester;
  }

  @Test
  void pointToWhatIsThere() throws IOException {
    // Given
    List<Path> documents = documents();

    // When
    List<String> dead = new ArrayList<>();
    for (Path document : documents) {
      Matcher link = LINK.matcher(Files.readString(document));
      while (link.find()) {
        String target = link.group(1).replaceFirst("#.*", "");
        boolean elsewhere = target.isEmpty() || target.contains(":");
        if (!elsewhere && !Files.exists(document.resolveSibling(target))) {
          dead.add(Repository.root().relativize(document) + " -> " + target);
        }
      }
    }

    // Then
    assertThat(documents).hasSizeGreaterThan(10);
    assertThat(dead).isEmpty();
  }

  @Test
  void giveCurlCommandsThatWork() throws IOException {
    // Given
    List<String> commands = new ArrayList<>();
    for (String document : List.of("README.md", "docs/developers/openai.md")) {
      Matcher curl = CURL.matcher(Files.readString(Repository.root().resolve(document)));
      while (curl.find()) {
        if (!curl.group().contains(NEEDS_SIGN_ON)) {
          commands.add(curl.group());
        }
      }
    }

    // When
    List<Command> ran = new ArrayList<>();
    for (String command : commands) {
      ran.add(inAShell(command));
    }

    // Then
    assertThat(ran).hasSizeGreaterThanOrEqualTo(3);
    assertThat(ran)
        .allSatisfy(curl -> {
          assertThat(curl.exitCode()).as(curl.output()).isZero();
          assertThat(curl.output())
              .containsAnyOf("data: [DONE]", "\"object\":\"list\"", "\"budgets\":");
        });
  }

  /** As the README says: the environment is sourced, then the command is typed. */
  private Command inAShell(String command) {
    Path env = tester.installation().envFile();
    return Command.run(
        Repository.root(), Map.of(), List.of("sh", "-c", ". " + env + "\n" + command));
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> files = Files.walk(Repository.root())) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .filter(file -> {
            for (Path part : Repository.root().relativize(file)) {
              if (NOT_OURS.contains(part.toString())) {
                return false;
              }
            }
            return true;
          })
          .toList();
    }
  }
}
