package dev.penstock.it.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Requests that are sent in the background, some at once, while the test does its worst. */
public final class Load implements AutoCloseable {

  private static final int OK = 200;
  private static final Duration BREATH = Duration.ofMillis(500);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Queue<HttpResponse<String>> answers = new ConcurrentLinkedQueue<>();
  private final List<Future<?>> requests = new ArrayList<>();
  private volatile boolean steady;

  private Load() {}

  public static Load start(Application application, int requests, int atOnce) {
    Load load = new Load();
    Semaphore room = new Semaphore(atOnce);
    for (int i = 0; i < requests; i++) {
      load.requests.add(
          load.threads.submit(() -> {
            room.acquireUninterruptibly();
            try {
              load.answers.add(application.stream());
            } finally {
              room.release();
            }
          }));
    }
    return load;
  }

  /** So many at once, one after the other, until the answers are asked for. */
  public static Load steady(Application application, int atOnce) {
    Load load = new Load();
    load.steady = true;
    for (int i = 0; i < atOnce; i++) {
      load.requests.add(
          load.threads.submit(() -> {
            while (load.steady) {
              HttpResponse<String> answer = application.stream();
              load.answers.add(answer);
              if (answer.statusCode() != OK) {
                Thread.sleep(BREATH); // as an SDK waits before it asks again
              }
            }
            return null;
          }));
    }
    return load;
  }

  /** How many have been answered. */
  public int answered() {
    return answers.size();
  }

  /** Waits until so many have been answered. */
  public void awaitAnswers(int count) {
    await()
        .atMost(Patience.FOR_AN_ANSWER)
        .pollInterval(Duration.ofMillis(5))
        .untilAsserted(() -> assertThat(answers).hasSizeGreaterThanOrEqualTo(count));
  }

  /** Begins no more of a steady load, and waits for all; one that broke off fails the test. */
  public List<HttpResponse<String>> answers() throws Exception {
    steady = false;
    for (Future<?> request : requests) {
      request.get(Patience.FOR_AN_ANSWER.toMillis(), TimeUnit.MILLISECONDS);
    }
    return List.copyOf(answers);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
