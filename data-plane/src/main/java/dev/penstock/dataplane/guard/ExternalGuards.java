package dev.penstock.dataplane.guard;

import dev.penstock.dataplane.exchange.ClientGoneException;
import dev.penstock.dataplane.exchange.Stage.Admitted;
import dev.penstock.dataplane.guard.ExternalAnswer.NoVerdict;
import dev.penstock.dataplane.relay.ClientChannel;
import dev.penstock.dataplane.upstream.ProviderAddresses;
import dev.penstock.kernel.guard.Detector;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Asks the external guards that bind a request, all of them at once, once the node's own detectors
 * let it go on. What one does not answer in time is its {@link NoVerdict}; asking fails only where
 * the client leaves, which ends all questions. One for an event loop.
 */
public final class ExternalGuards {

  private final Context context;
  private final ExternalCall.Parts parts;

  /**
   * @param context whose event loop the exchanges run on
   */
  public ExternalGuards(
      Context context, HttpClient http, ProviderAddresses addresses, ExternalPlaces places) {
    this.context = context;
    parts = new ExternalCall.Parts(context, http, addresses, places);
  }

  private record Asked(BoundGuard guard, int index, Detector.Http detector) {}

  /**
   * The verdicts, in the order of guards and detectors.
   *
   * @param screening of the request, by the detectors of the node
   */
  Future<List<ExternalVerdict>> ask(Admitted admitted, Screening screening) {
    List<Asked> asked = asked(screening.guards());
    if (asked.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    // To whom health data may go, the platform says of providers alone.
    if (admitted.governed().policy().policy().hipaa()) {
      return Future.succeededFuture(nobody(asked, "HIPAA mode"));
    }
    ClientChannel client = admitted.governed().identified().arrived().client();
    return question(admitted, screening)
        .compose(question ->
            question.isPresent()
                ? ask(client, asked, question.get())
                : Future.succeededFuture(nobody(asked, "texts too large")));
  }

  private static List<Asked> asked(List<BoundGuard> guards) {
    List<Asked> asked = new ArrayList<>();
    for (BoundGuard bound : guards) {
      List<Detector> detectors = bound.guard().detectors();
      for (int i = 0; i < detectors.size(); i++) {
        if (detectors.get(i) instanceof Detector.Http http) {
          asked.add(new Asked(bound, i, http));
        }
      }
    }
    return asked;
  }

  private Future<Optional<Buffer>> question(Admitted admitted, Screening screening) {
    return admitted.request().bytes() > InputGuard.MAX_BYTES_ON_LOOP
        ? context
            .executeBlocking(() -> ExternalQuestion.of(admitted, screening), false)
            .map(Objects::requireNonNull)
        : Future.succeededFuture(ExternalQuestion.of(admitted, screening));
  }

  private static List<ExternalVerdict> nobody(List<Asked> asked, String why) {
    return asked.stream().map(each -> verdict(each, new NoVerdict(why))).toList();
  }

  private static ExternalVerdict verdict(Asked asked, ExternalAnswer answer) {
    return new ExternalVerdict(asked.guard(), asked.index(), asked.detector(), answer);
  }

  private Future<List<ExternalVerdict>> ask(
      ClientChannel client, List<Asked> asked, Buffer question) {
    if (client.gone()) {
      return Future.failedFuture(ClientGoneException.beforeTheCall());
    }
    Promise<List<ExternalVerdict>> verdicts = Promise.promise();
    List<ExternalCall> calls = new ArrayList<>(asked.size());
    List<Future<ExternalVerdict>> answers = new ArrayList<>(asked.size());
    for (Asked each : asked) {
      ExternalCall call =
          new ExternalCall(parts, each.guard().ref().label(), each.detector(), question);
      calls.add(call);
      answers.add(call.start().map(answer -> verdict(each, answer)));
    }
    Future.all(answers).onSuccess(all -> verdicts.tryComplete(all.list()));
    client.onGone(() -> {
      if (verdicts.tryFail(ClientGoneException.beforeTheCall())) {
        calls.forEach(ExternalCall::cancel);
      }
    });
    return verdicts.future();
  }
}
