package dev.penstock.it.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.it.kit.Application;
import dev.penstock.it.kit.Command;
import dev.penstock.it.kit.PenstockTester;
import dev.penstock.it.kit.Repository;
import dev.penstock.it.kit.SharedStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JavaScript that the developers' guides show, run as it stands against this gateway. */
@ExtendWith(SharedStack.class)
class JavaScriptExamplesTest {
  private static final Pattern EXAMPLE = Pattern.compile("```js\n(.*?)```", Pattern.DOTALL);
  private static final String QUICKSTART = "http://127.0.0.1:8080";

  private final PenstockTester tester;

  JavaScriptExamplesTest(PenstockTester tester) {
    this.tester = tester;
  }

  @ParameterizedTest
  @ValueSource(strings = {"openai", "anthropic", "mistral"})
  void work(String guide) throws IOException {
    // Given
    List<String> examples = examples(guide);

    // When
    List<Command> runs = new ArrayList<>();
    for (String example : examples) {
      runs.add(run(guide, example, environment()));
    }

    // Then
    assertThat(runs)
        .isNotEmpty()
        .allSatisfy(run -> {
          assertThat(run.exitCode()).as(run.output()).isZero();
          assertThat(run.output()).isNotBlank();
        });
  }

  @Test
  void goOnFromAResponseOverWebSocket() throws IOException {
    // Given
    NodeProcess.assume();
    Application application = tester.application().upstream("sim-n6-b16-d0-t0-g1").create();
    String twoTurns = examples("openai").getLast();
    assertThat(twoTurns).contains("ResponsesWS", "'hello'", "'and again'");
    Map<String, String> environment = environment();
    environment.put("OPENAI_BASE_URL", application.baseUrl());
    environment.put("OPENAI_API_KEY", application.key());
    environment.put("PENSTOCK_MODEL", application.model());
    long mark = tester.simulator().mark();

    // When
    Command run = run("websocket", twoTurns, environment);

    // Then: the provider is sent the second turn with the first and its answer before it
    assertThat(run.exitCode()).as(run.output()).isZero();
    assertThat(tester.simulator().calls(application.upstreamModel(), mark))
        .extracting(call -> call.path("body").asText())
        .satisfiesExactly(
            first -> assertThat(first).contains("hello").doesNotContain("and again"),
            second -> assertThat(second).containsSubsequence("hello", "0000000", "and again"));
  }

  private static List<String> examples(String guide) throws IOException {
    Path document = Repository.root().resolve("docs/developers/" + guide + ".md");
    return EXAMPLE
        .matcher(Files.readString(document))
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  private Command run(String name, String example, Map<String, String> environment)
      throws IOException {
    Path folder = NodeProcess.shared().folder();
    Path program = folder.resolve(name + "-example.mjs");
    String gateway = tester.gateway("eu-west").toString();
    Files.writeString(program, example.replace(QUICKSTART, gateway));
    return Command.run(folder, environment, List.of("node", program.toString()));
  }

  /** As the quickstart's, with the key under the names by which the other SDKs know theirs. */
  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(tester.environment());
    String key = Objects.requireNonNull(environment.get("OPENAI_API_KEY"));
    environment.put("ANTHROPIC_API_KEY", key);
    environment.put("MISTRAL_API_KEY", key);
    return environment;
  }
}
