package dev.penstock.it.budget;

import static org.awaitility.Awaitility.await;

import dev.penstock.it.kit.Application;
import dev.penstock.it.kit.Patience;
import dev.penstock.it.kit.PenstockTester;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Many clients at all nodes at once, while processes are killed and started again. */
final class Fire {

  private static final Duration BREATH = Duration.ofMillis(500);
  private static final Duration BETWEEN_KILLS = Duration.ofSeconds(2);
  private static final Duration DOWN = Duration.ofSeconds(1);

  private final PenstockTester tester;
  private final Application application;
  private final List<URI> gateways;
  private final Map<String, LongAdder> answers = new ConcurrentSkipListMap<>();
  private volatile boolean burning = true;

  Fire(PenstockTester tester, Application application, List<String> nodes) {
    this.tester = tester;
    this.application = application;
    gateways = nodes.stream().map(tester::address).toList();
  }

  /**
   * Burns for so long, and on until each victim has been killed and the budget has run out; leaves
   * every process running.
   *
   * @param meanwhile is run every few seconds
   */
  void burn(int clients, Duration length, List<String> victims, Random random, Runnable meanwhile)
      throws Exception {
    long end = System.nanoTime() + length.toNanos();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < clients; i++) {
        int first = i;
        threads.submit(() -> ask(first));
      }
      try {
        do {
          killEach(victims, random, meanwhile);
        } while (System.nanoTime() < end);
        await().atMost(Patience.FOR_AN_ANSWER).until(() -> counted("budget_exhausted") > 0);
      } finally {
        burning = false; // the clients end, which is what closing waits for
      }
    }
  }

  private void killEach(List<String> victims, Random random, Runnable meanwhile)
      throws InterruptedException {
    List<String> turns = new ArrayList<>(victims);
    Collections.shuffle(turns, random);
    for (String victim : turns) {
      TimeUnit.NANOSECONDS.sleep(BETWEEN_KILLS.toNanos());
      tester.process(victim).kill();
      count("killed " + victim);
      TimeUnit.NANOSECONDS.sleep(DOWN.toNanos());
      tester.startAgain(victim);
      meanwhile.run();
    }
  }

  /** One client: from node to node, as one that looks for one that works. */
  private void ask(int first) {
    int turn = first;
    while (burning) {
      Application here = application.at(gateways.get(turn++ % gateways.size()));
      try {
        if (!isServed(here)) {
          Thread.sleep(BREATH);
        }
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private boolean isServed(Application here) {
    try {
      HttpResponse<String> answer = here.stream(Patience.FOR_AN_ANSWER);
      boolean served = answer.statusCode() == 200;
      count(served ? ending(answer) : code(answer));
      return served;
    } catch (UncheckedIOException broken) {
      count(broken.getCause() instanceof HttpTimeoutException ? "unanswered" : "broken off");
      return false;
    }
  }

  private static String ending(HttpResponse<String> answer) {
    return answer.body().endsWith("data: [DONE]\n\n") ? "served" : "failed in the stream";
  }

  private static String code(HttpResponse<String> answer) {
    return answer
        .headers()
        .firstValue("x-penstock-error-code")
        .orElseGet(() -> "status " + answer.statusCode());
  }

  private void count(String what) {
    answers.computeIfAbsent(what, key -> new LongAdder()).increment();
  }

  /** How many clients heard this, or how often that was done. */
  long counted(String what) {
    LongAdder found = answers.get(what);
    return found == null ? 0 : found.sum();
  }

  @Override
  public String toString() {
    return answers.toString();
  }
}
