package dev.penstock.it.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.it.compatibility.Outcome.Answered;
import dev.penstock.it.compatibility.Outcome.Raised;
import dev.penstock.it.kit.Application;
import dev.penstock.it.kit.PenstockTester;
import dev.penstock.it.kit.SharedStack;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How often official SDKs ask when the gateway refuses: its {@code x-should-retry} and {@code
 * retry-after} decide. Requests are counted by the records that each leaves.
 */
@ExtendWith(SharedStack.class)
class RetriesTest {
  /** These and the next retry by themselves, twice at most. */
  private static final List<Sdk> JAVA = List.of(OpenAiChat.RAW, AnthropicMessages.RAW);

  private static final List<Sdk> JAVA_SCRIPT =
      List.of(JavaScriptSdk.OPENAI_CHAT_RAW, JavaScriptSdk.ANTHROPIC_RAW);

  /** Frees a request every four seconds, which SDKs wait for and a slow machine hardly exceeds. */
  private static final int REQUESTS_PER_MINUTE = 15;

  private final PenstockTester tester;

  RetriesTest(PenstockTester tester) {
    this.tester = tester;
  }

  static Stream<Sdk> sdks() {
    return Stream.of(JAVA, JAVA_SCRIPT, List.<Sdk>of(JavaScriptSdk.MISTRAL)).flatMap(List::stream);
  }

  @ParameterizedTest
  @MethodSource("sdks")
  void doNotAskAgainWhenABudgetIsSpent(Sdk sdk) throws Exception {
    Application application = tester.application().budget("0.0001").create();

    assertAskedOnce(sdk, application, "budget_exhausted");
  }

  /** The gateway itself has tried each deployment, and a generation may have been billed. */
  @ParameterizedTest
  @MethodSource("sdks")
  void doNotAskAgainWhenEveryProviderHasFailed(Sdk sdk) throws Exception {
    Application application = tester.application().upstream("sim-status-503").create();

    assertAskedOnce(sdk, application, "upstream_error");
  }

  @Test
  void javasAskAgainAfterTheTimeThatARateLimitTakes() throws Exception {
    assertAskAgain(JAVA);
  }

  @Test
  void javaScriptsAskAgainAfterTheTimeThatARateLimitTakes() throws Exception {
    NodeProcess.assume();

    assertAskAgain(JAVA_SCRIPT);
  }

  @Test
  void mistralsLeavesARateLimitToTheApplication() throws Exception {
    // Given
    Application application = limited();

    // When
    int requests = requestsBeyondTheLimit(JavaScriptSdk.MISTRAL, application, Raised.class);

    // Then
    assertThat(requests).isEqualTo(1);
  }

  private void assertAskedOnce(Sdk sdk, Application application, String code) throws Exception {
    // When
    Outcome outcome = ask(sdk, application);

    // Then
    assertThat(outcome).isInstanceOf(Raised.class);
    assertThat(requests(application)).isEqualTo(1);
    assertThat(tester.admin().records(application.tenant()))
        .allSatisfy(record -> assertThat(record.path("errorCode").asText()).isEqualTo(code));
  }

  private void assertAskAgain(List<Sdk> sdks) throws Exception {
    // Given
    List<Callable<Integer>> questions = new ArrayList<>();
    for (Sdk sdk : sdks) {
      Application application = limited();
      questions.add(() -> requestsBeyondTheLimit(sdk, application, Answered.class));
    }

    // When: all at once, since each has to wait
    List<Future<Integer>> requests;
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      requests = callers.invokeAll(questions);
    }

    // Then: one was refused, and one was answered
    assertThat(requests).extracting(Future::get).containsOnly(2);
  }

  /** In one region, so that the one node there gets all that is lent of the limit. */
  private Application limited() {
    Application application =
        tester.application().residency("eu-west").deployedIn("eu-west").create();
    tester.admin().applyEverywhere(LIMIT.formatted(application.tenant(), REQUESTS_PER_MINUTE));
    return application;
  }

  /** Asks until a request is refused, then lets the SDK ask, and counts what it sent. */
  private int requestsBeyondTheLimit(
      Sdk sdk, Application application, Class<? extends Outcome> expected) throws Exception {
    int own = 1;
    while (application.stream().statusCode() == 200) {
      own++;
    }
    assertThat(ask(sdk, application)).isInstanceOf(expected);
    return requests(application) - own;
  }

  private static Outcome ask(Sdk sdk, Application application)
      throws ExecutionException, InterruptedException {
    Door door = new Door(application.gateway(), application.key(), application.model());
    return sdk.ask(door, Situation.TEXT);
  }

  /** How many requests were recorded, all of those that have been answered by now. */
  private int requests(Application application) {
    HttpResponse<String> last = application.stream();
    // Records come in the order of their ends, so whatever ended before this one is there too.
    tester.admin().record(last.headers().firstValue("x-penstock-request-id").orElseThrow());
    return tester.admin().records(application.tenant()).size() - 1;
  }

  private static final String LIMIT =
      """
      apiVersion: penstock.dev/v1
      kind: RateLimit
      metadata: { tenant: %s, name: all }
      spec: { scope: {}, requestsPerMinute: %d }
      """;
}
