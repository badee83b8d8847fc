package dev.penstock.dataplane.guard;

import dev.penstock.dataplane.dialect.Codecs;
import dev.penstock.dataplane.dialect.MalformedAnswer;
import dev.penstock.dataplane.exchange.Endpoint;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.Stage.Admitted;
import dev.penstock.dataplane.relay.sse.EventWriter;
import dev.penstock.dataplane.telemetry.ExchangeMetrics;
import dev.penstock.kernel.snapshot.PolicyContent;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Which guards an answer has to pass: those of the tenant and of its ancestors that look at
 * answers. One for an event loop.
 */
public final class OutputGuard {

  private final Context context;
  private final ExchangeMetrics metrics;
  private final EventWriter writer = new EventWriter();

  /**
   * @param context whose event loop the exchanges run on
   */
  public OutputGuard(Context context, ExchangeMetrics metrics) {
    this.context = context;
    this.metrics = metrics;
  }

  /** Empty where no guard looks at the answer, or the answer is no text. */
  public Optional<AnswerGuard> of(Admitted admitted) {
    Endpoint endpoint = admitted.governed().identified().arrived().asked().endpoint();
    PolicyContent content = admitted.governed().identified().snapshot().content();
    // The step screen has refused a request whose guards the node does not have.
    List<BoundGuard> guards =
        admitted.governed().policy().policy().guards().stream()
            .flatMap(ref -> content.guard(ref).map(guard -> new BoundGuard(ref, guard)).stream())
            .filter(BoundGuard::looksAtAnswers)
            .toList();
    return guards.isEmpty() || !endpoint.generates()
        ? Optional.empty()
        : Optional.of(
            new AnswerGuard(
                new OutputGuards(guards),
                Codecs.of(endpoint.dialect()).answerTexts(),
                writer,
                admitted.governed().identified().arrived().trace(),
                metrics));
  }

  /**
   * A whole answer passes; a long one on a worker, so that no other exchange waits for it. Fails
   * with {@code upstream_error} where it is no JSON.
   *
   * @return what the client may get; what the guard refuses has to be asked of it
   */
  public Future<Buffer> whole(AnswerGuard guard, Buffer answer) {
    Future<Buffer> passed =
        answer.length() > InputGuard.MAX_BYTES_ON_LOOP
            ? context.executeBlocking(() -> guard.whole(answer), false).map(Objects::requireNonNull)
            : Future.succeededFuture(answer).compose(small -> pass(guard, small));
    return passed
        .recover(failure ->
            Future.failedFuture(
                failure instanceof MalformedAnswer
                    ? Refusal.of(
                            Code.UPSTREAM_ERROR,
                            "The provider's answer is not JSON; try again later.")
                        .toException()
                    : failure))
        .onSuccess(done -> guard.record());
  }

  private static Future<Buffer> pass(AnswerGuard guard, Buffer answer) {
    try {
      return Future.succeededFuture(guard.whole(answer));
    } catch (MalformedAnswer malformed) {
      return Future.failedFuture(malformed);
    }
  }
}
