package dev.penstock.it.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.it.kit.Application;
import dev.penstock.it.kit.PenstockTester;
import dev.penstock.it.kit.SharedStack;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What nodes keep for themselves is not lost to others: under steady load at two nodes, with worst
 * cases open of a hundredth of it, a budget is spent but for a twentieth before anybody is refused.
 */
@ExtendWith(SharedStack.class)
class UsableBudgetTest {

  private static final int CLIENTS = 4;

  /** So many chunks, which is so many tokens, as the request says that it wants at most. */
  private static final int TOKENS = 20;

  private static final String SCRIPT = "sim-n20-b8-d1000-t10000-g1";

  /** By the prices of the test's models, nano-USD. */
  private static final long INPUT_PRICE = 2_500;

  private static final long OUTPUT_PRICE = 10_000;

  private final PenstockTester tester;

  UsableBudgetTest(PenstockTester tester) {
    this.tester = tester;
  }

  @Test
  void isSpentButForATwentiethBeforeTheFirstRefusal() throws Exception {
    // Given
    String longest = tester.application().create().body(fields());
    long worstCase = longest.length() * INPUT_PRICE + TOKENS * OUTPUT_PRICE;
    long budget = CLIENTS * worstCase * 100;
    Application application =
        tester
            .application()
            .upstream(SCRIPT)
            .budget(BigDecimal.valueOf(budget, 9).toPlainString())
            .create();
    List<Application> doors =
        List.of(
            application.at(tester.gateway("eu-west")), application.at(tester.gateway("us-east")));
    long mark = tester.simulator().mark();

    // When
    LongAdder served = new LongAdder();
    List<HttpResponse<String>> refusals = askUntilRefused(doors, served);

    // Then
    long spent = tester.simulator().billedNanoUsd(application.upstreamModel(), mark);
    String what = "%d served, %d of %d nano-USD spent".formatted(served.sum(), spent, budget);
    System.out.println("usable budget: " + what);
    assertThat(refusals)
        .as(what)
        .isNotEmpty()
        .allSatisfy(refusal ->
            assertThat(refusal.headers().firstValue("x-penstock-error-code"))
                .as(refusal.body())
                .contains("budget_exhausted"));
    assertThat(spent).as(what).isBetween(budget / 100 * 95, budget);
  }

  private static String fields() {
    return "\"stream\":true,\"max_tokens\":" + TOKENS;
  }

  /** Each client asks on until one of them is refused; answers the refusals, one or a few. */
  private static List<HttpResponse<String>> askUntilRefused(
      List<Application> doors, LongAdder served) throws Exception {
    AtomicBoolean refused = new AtomicBoolean();
    List<HttpResponse<String>> refusals = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<HttpResponse<String>>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Application door = doors.get(i % doors.size());
        clients.add(threads.submit(() -> askUntilRefused(door, served, refused)));
      }
      for (Future<HttpResponse<String>> client : clients) {
        if (client.get().statusCode() != 200) {
          refusals.add(client.get());
        }
      }
    }
    return refusals;
  }

  private static HttpResponse<String> askUntilRefused(
      Application door, LongAdder served, AtomicBoolean refused) {
    HttpResponse<String> answer = door.post(door.body(fields()));
    while (answer.statusCode() == 200 && !refused.get()) {
      served.increment();
      answer = door.post(door.body(fields()));
    }
    if (answer.statusCode() == 200) {
      served.increment();
    } else {
      refused.set(true);
    }
    return answer;
  }
}
