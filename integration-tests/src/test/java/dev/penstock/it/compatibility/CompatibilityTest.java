package dev.penstock.it.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.it.kit.PenstockTester;
import dev.penstock.it.kit.Repository;
import dev.penstock.it.kit.SharedStack;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.TestAbortedException;

/**
 * Every SDK at every provider in every situation: asked once for all, several at a time, then each
 * cell is held against what {@link Expectations} says.
 *
 * <p>{@code docs/compatibility.md} is written from the same outcomes with {@code
 * -Dcompatibility=write}.
 */
@ExtendWith(SharedStack.class)
@TestInstance(Lifecycle.PER_CLASS)
class CompatibilityTest {
  private static final int AT_ONCE = 8;
  private static final Duration PATIENCE = Duration.ofMinutes(8);

  private final PenstockTester tester;
  private final Map<Cell, Future<Outcome>> outcomes = new LinkedHashMap<>();

  CompatibilityTest(PenstockTester tester) {
    this.tester = tester;
  }

  @BeforeAll
  void everyCellIsAsked() throws InterruptedException {
    NodeProcess.prepare();
    String key = key();
    URI gateway = tester.gateway("eu-west");
    List<Cell> cells = cells().toList();
    List<Callable<Outcome>> questions =
        cells.stream()
            .<Callable<Outcome>>map(
                cell -> () -> cell.sdk().ask(cell.door(gateway, key), cell.situation()))
            .toList();
    ExecutorService callers = Executors.newFixedThreadPool(AT_ONCE);
    List<Future<Outcome>> answers =
        callers.invokeAll(questions, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    callers.shutdownNow();
    for (int i = 0; i < answers.size(); i++) {
      outcomes.put(cells.get(i), answers.get(i));
    }
  }

  static Stream<Cell> cells() {
    return Sdks.ALL.stream()
        .flatMap(sdk -> Arrays.stream(Upstream.values()).map(upstream -> Map.entry(sdk, upstream)))
        .flatMap(row ->
            Arrays.stream(Situation.values())
                .map(situation -> new Cell(row.getKey(), row.getValue(), situation)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cells")
  void theApplicationGetsWhatItShould(Cell cell) throws InterruptedException {
    assertThat(outcome(cell)).isEqualTo(Expectations.of(cell));
  }

  @Test
  void theDocumentTellsWhatHappened() throws IOException, InterruptedException {
    Map<Cell, Outcome> seen = new LinkedHashMap<>();
    for (Cell cell : outcomes.keySet()) {
      if (wasAsked(cell)) {
        seen.put(cell, outcome(cell));
      }
    }
    Path document = Repository.root().resolve("docs/compatibility.md");
    CompatibilityPage page = new CompatibilityPage(Collections.unmodifiableMap(seen));
    if ("write".equals(System.getProperty("compatibility"))) {
      Files.writeString(document, page.text());
    }

    assertThat(page.comparable(Files.readString(document)))
        .as("written anew with -Dcompatibility=write")
        .isEqualTo(page.text());
  }

  private Outcome outcome(Cell cell) throws InterruptedException {
    Future<Outcome> asked = Objects.requireNonNull(outcomes.get(cell), cell::toString);
    try {
      return asked.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TestAbortedException skipped) {
        throw skipped;
      }
      throw new AssertionError(cell + ": " + e.getCause(), e.getCause());
    } catch (CancellationException e) {
      throw new AssertionError(cell + ": neither answer nor exception", e);
    }
  }

  /** Whether its SDK could be had on this machine. */
  private boolean wasAsked(Cell cell) {
    Future<Outcome> asked = Objects.requireNonNull(outcomes.get(cell), cell::toString);
    return asked.state() != Future.State.FAILED
        || !(asked.exceptionNow() instanceof TestAbortedException);
  }

  /** Makes the providers, their models, and a tenant that may ask for all of them. */
  private String key() {
    URI simulator = URI.create(tester.environment().get("PENSTOCK_SIMULATOR_URL"));
    List<String> manifests = new ArrayList<>();
    for (Upstream upstream : Upstream.values()) {
      manifests.add(upstream.manifests(simulator));
    }
    String models =
        Arrays.stream(Upstream.values())
            .flatMap(upstream -> Arrays.stream(Situation.values()).map(upstream::model))
            .collect(Collectors.joining(", "));
    manifests.add(TENANT.formatted(models));
    JsonNode applied =
        tester.admin().applyEverywhere(manifests.stream().collect(Collectors.joining()));
    return applied.path("keys").path(0).path("key").asText();
  }

  private static final String TENANT =
      """
      ---
      apiVersion: penstock.dev/v1
      kind: Tenant
      metadata: { name: sdks }
      spec: { parent: acme, displayName: SDKs, timeZone: UTC }
      ---
      apiVersion: penstock.dev/v1
      kind: Policy
      metadata: { tenant: sdks, name: default }
      spec: { mode: enforce, models: { allow: [%s] }, residency: { regions: [eu-west] } }
      ---
      apiVersion: penstock.dev/v1
      kind: Budget
      metadata: { tenant: sdks, name: month }
      spec:
        scope: {}
        amount: "1000.00"
        window: { every: month, timeZone: UTC }
        mode: strict
      ---
      apiVersion: penstock.dev/v1
      kind: ApiKey
      metadata: { tenant: sdks, name: app }
      spec: {}
      """;
}
