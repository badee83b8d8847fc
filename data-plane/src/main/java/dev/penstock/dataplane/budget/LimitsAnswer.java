package dev.penstock.dataplane.budget;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.penstock.dataplane.exchange.Stage.Governed;
import dev.penstock.dataplane.journal.ExchangeRecord.Caller;
import dev.penstock.dataplane.ratelimit.LimitStanding;
import dev.penstock.kernel.money.NanoUsd;
import dev.penstock.kernel.snapshot.BudgetScope;
import dev.penstock.kernel.snapshot.BudgetScope.Asker;
import dev.penstock.kernel.snapshot.PolicyContent.BudgetRule;
import dev.penstock.kernel.snapshot.PolicyContent.RateLimitRule;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * What {@code GET /v1/penstock/limits} answers: the budgets and rate limits that bind a caller,
 * from the state that decides about its requests. Amounts are nano-USD as strings of digits, times
 * RFC 3339. A budget that this node has not had to do with yet is asked for first; one that nobody
 * answers for has no numbers.
 */
final class LimitsAnswer {

  private static final JsonFactory JSON = new JsonFactory();

  private static final long HALF_A_SECOND_MILLIS = 500;

  /** The least that can be held: enough to hear of a budget. */
  private static final NanoUsd LEAST = new NanoUsd(1);

  private final LeaseDesk leases;
  private final BudgetActions actions;
  private final Clock clock;

  LimitsAnswer(LeaseDesk leases, BudgetActions actions, Clock clock) {
    this.leases = leases;
    this.actions = actions;
    this.clock = clock;
  }

  private record Line(BudgetRule budget, Optional<BudgetStanding> standing) {}

  Future<Buffer> of(Governed governed, List<LimitStanding> rates) {
    Asker asker = BindingBudgets.asker(governed);
    List<Future<Line>> lines =
        governed.policy().budgets().stream()
            .filter(budget -> budget.scope().holdsFor(budget.tenant(), asker))
            .map(this::line)
            .toList();
    return Future.all(lines)
        .map(all -> write(governed, lines.stream().map(Future::result).toList(), rates));
  }

  private Future<Line> line(BudgetRule budget) {
    return leases
        .hold(List.of(budget), LEAST)
        .map(hold -> {
          leases.settle(hold, NanoUsd.ZERO);
          return leases.standing(budget);
        })
        .otherwise(failure ->
            failure instanceof BudgetExhausted no
                ? Optional.of(new BudgetStanding(no.available(), no.limit(), no.resetsInMillis()))
                : Optional.empty())
        .map(standing -> new Line(budget, standing));
  }

  private Buffer write(Governed governed, List<Line> lines, List<LimitStanding> rates) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      Caller caller = governed.identified().arrived().trace().caller();
      json.writeStartObject();
      json.writeStringField("tenant", caller.tenant());
      if (caller.apiKey().isEmpty()) {
        json.writeStringField("subject", caller.subject());
      } else {
        json.writeStringField("apiKey", caller.apiKey());
      }
      json.writeArrayFieldStart("budgets");
      for (Line line : lines) {
        write(json, line);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("rateLimits");
      for (LimitStanding standing : rates) {
        write(json, standing);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException("memory does not fail", impossible);
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  /** Windows end at whole seconds; how long this one lasts was said some milliseconds ago. */
  private Instant resetsAt(BudgetStanding standing) {
    return clock
        .instant()
        .plusMillis(standing.resetsInMillis() + HALF_A_SECOND_MILLIS)
        .truncatedTo(ChronoUnit.SECONDS);
  }

  private void write(JsonGenerator json, Line line) throws IOException {
    BudgetRule budget = line.budget();
    json.writeStartObject();
    json.writeStringField("tenant", budget.tenant());
    json.writeStringField("name", budget.name());
    write(json, budget.scope());
    if (line.standing().isPresent()) {
      BudgetStanding standing = line.standing().get();
      json.writeStringField("limitNanoUsd", Long.toString(standing.limit().value()));
      json.writeStringField("leftNanoUsd", Long.toString(standing.left().value()));
      if (standing.resetsInMillis() > 0) {
        json.writeStringField("resetsAt", resetsAt(standing).toString());
      }
    }
    json.writeArrayFieldStart("actions");
    for (BudgetActions.InForce action : actions.of(budget)) {
      json.writeStartObject();
      json.writeNumberField("atPercent", action.atPercent());
      json.writeStringField("action", action.action().word());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeStringField("ask", BudgetDesk.whomToAsk(budget));
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, BudgetScope scope) throws IOException {
    json.writeObjectFieldStart("scope");
    write(json, "apiKey", scope.apiKey());
    write(json, "subject", scope.subject());
    write(json, "model", scope.model());
    write(json, "provider", scope.provider());
    if (scope.tag().isPresent()) {
      json.writeObjectFieldStart("tag");
      json.writeStringField(scope.tag().get().name(), scope.tag().get().value());
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String field, Optional<String> value)
      throws IOException {
    if (value.isPresent()) {
      json.writeStringField(field, value.get());
    }
  }

  /**
   * The limit for all nodes together, and what this one has of it; what it does not count is left
   * out.
   */
  private static void write(JsonGenerator json, LimitStanding standing) throws IOException {
    RateLimitRule limit = standing.rule();
    json.writeStartObject();
    json.writeStringField("tenant", limit.tenant());
    json.writeStringField("name", limit.name());
    write(json, BudgetScope.of(limit.apiKey(), limit.model()));
    write(json, "requestsPerMinute", limit.requestsPerMinute());
    write(json, "tokensPerMinute", limit.tokensPerMinute());
    write(json, "concurrentStreams", limit.concurrentStreams());
    json.writeObjectFieldStart("thisNode");
    write(
        json,
        limit.requestsPerMinute(),
        "requestsPerMinute",
        standing.share().requests(),
        "requestsLeft",
        standing.left().requests());
    write(
        json,
        limit.tokensPerMinute(),
        "tokensPerMinute",
        standing.share().tokens(),
        "tokensLeft",
        standing.left().tokens());
    write(
        json,
        limit.concurrentStreams(),
        "concurrentStreams",
        standing.share().streams(),
        "streamsLeft",
        standing.left().streams());
    json.writeEndObject();
    json.writeEndObject();
  }

  /** Zeros are told where there is a limit. */
  private static void write(
      JsonGenerator json, long limit, String share, long has, String left, long rest)
      throws IOException {
    if (limit > 0) {
      json.writeNumberField(share, has);
      json.writeNumberField(left, rest);
    }
  }

  private static void write(JsonGenerator json, String field, long limit) throws IOException {
    if (limit > 0) {
      json.writeNumberField(field, limit);
    }
  }
}
