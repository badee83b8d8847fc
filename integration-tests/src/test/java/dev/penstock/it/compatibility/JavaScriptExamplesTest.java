package dev.penstock.it.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.it.kit.Command;
import dev.penstock.it.kit.PenstockTester;
import dev.penstock.it.kit.Repository;
import dev.penstock.it.kit.SharedStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
  void works(String guide) throws IOException {
    // Given
    Path folder = NodeProcess.shared().folder();
    Path document = Repository.root().resolve("docs/developers/" + guide + ".md");
    Matcher example = EXAMPLE.matcher(Files.readString(document));
    assertThat(example.find()).isTrue();
    Path program = folder.resolve(guide + "-example.mjs");
    String gateway = tester.gateway("eu-west").toString();
    Files.writeString(program, example.group(1).replace(QUICKSTART, gateway));

    // When
    Command run = Command.run(folder, environment(), List.of("node", program.toString()));

    // Then
    assertThat(run.exitCode()).as(run.output()).isZero();
    assertThat(run.output()).isNotBlank();
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
