package dev.penstock.dataplane.guard;

import dev.penstock.dataplane.dialect.ClientRequest;
import dev.penstock.dataplane.exchange.ClientGoneException;
import dev.penstock.dataplane.exchange.ExchangeTrace;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.RefusedException;
import dev.penstock.dataplane.exchange.Stage.Admitted;
import dev.penstock.dataplane.exchange.Stage.Screened;
import dev.penstock.dataplane.guard.Finding.Effect;
import dev.penstock.dataplane.telemetry.ExchangeMetrics;
import dev.penstock.kernel.guard.Detector;
import dev.penstock.kernel.guard.GuardRef;
import dev.penstock.kernel.guard.ScanBudget;
import dev.penstock.kernel.snapshot.PolicyContent;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The step {@code screen}: every guard of the tenant and of its ancestors searches what the request
 * says; what is to be blocked is refused, what is to be redacted is redacted for every provider
 * that the request may go to, and all of it stands in the record, but for the text itself. It fails
 * closed: where there is no verdict, the answer is no. External guards are asked last, and about
 * what is left after redaction.
 */
public final class InputGuard {

  private static final String STEP = FindingRecord.STEP;

  /**
   * Requests up to this size are searched on the event loop, in about a millisecond; larger ones on
   * a worker, so that no other exchange waits for them.
   */
  static final int MAX_BYTES_ON_LOOP = 32 * 1024;

  private final Context context;
  private final ExchangeMetrics metrics;
  private final ExternalGuards external;

  /**
   * @param context whose event loop the exchanges run on
   */
  public InputGuard(Context context, ExchangeMetrics metrics, ExternalGuards external) {
    this.context = context;
    this.metrics = metrics;
    this.external = external;
  }

  public Future<Screened> screen(Admitted admitted) {
    List<GuardRef> guards = admitted.governed().policy().policy().guards();
    if (guards.isEmpty()) {
      trace(admitted).pass(STEP, "no guards apply");
      return Future.succeededFuture(new Screened(admitted));
    }
    return bound(admitted, guards)
        .transform((found, failure) ->
            failure == null
                ? screen(admitted, found.stream().filter(BoundGuard::looksAtRequests).toList())
                : refuse(admitted, failure));
  }

  private Future<Screened> screen(Admitted admitted, List<BoundGuard> guards) {
    if (guards.isEmpty()) {
      trace(admitted).pass(STEP, "no guards apply");
      return Future.succeededFuture(new Screened(admitted));
    }
    return search(guards, admitted.request())
        .transform((screening, failure) ->
            failure == null ? judge(admitted, screening) : refuse(admitted, failure))
        .compose(screening -> ask(admitted, screening));
  }

  private static ExchangeTrace trace(Admitted admitted) {
    return admitted.governed().identified().arrived().trace();
  }

  private static Future<List<BoundGuard>> bound(Admitted admitted, List<GuardRef> refs) {
    PolicyContent content = admitted.governed().identified().snapshot().content();
    List<BoundGuard> bound = new ArrayList<>(refs.size());
    for (GuardRef ref : refs) {
      var guard = content.guard(ref);
      if (guard.isEmpty()) {
        return Future.failedFuture(
            Refusal.of(
                    Code.GUARD_BLOCKED,
                    "This gateway node does not have the guard %s, which every request has to pass; the platform team has to look at the node's policy."
                        .formatted(ref.label()))
                .toException());
      }
      bound.add(new BoundGuard(ref, guard.get()));
    }
    return Future.succeededFuture(bound);
  }

  private Future<Screening> search(List<BoundGuard> guards, ClientRequest request) {
    if (request.bytes() > MAX_BYTES_ON_LOOP) {
      return context
          .executeBlocking(() -> Screening.of(guards, request), false)
          .map(Objects::requireNonNull);
    }
    return Future.succeededFuture(request).map(small -> Screening.of(guards, small));
  }

  private static <T> Future<T> refuse(Admitted admitted, Throwable failure) {
    @Nullable RefusedException refused =
        switch (failure) {
          case RefusedException already -> already;
          case ScanBudget.Exceeded exceeded ->
              Refusal.of(
                      Code.GUARD_BLOCKED,
                      "The request is too long for the tenant's guards to search it with their patterns; send less at once.")
                  .toException();
          default -> null;
        };
    if (refused == null) {
      return Future.failedFuture(failure);
    }
    return deny(admitted, refused);
  }

  /** By what the node has found itself. */
  private Future<Screening> judge(Admitted admitted, Screening screening) {
    ExchangeTrace trace = trace(admitted);
    List<Finding> findings = screening.findings();
    FindingRecord.write(trace, metrics, "", findings, screening.unsearched());
    if (findings.isEmpty() && screening.guards().stream().noneMatch(BoundGuard::asksOthers)) {
      trace.pass(STEP, "the guards found nothing");
    }
    Optional<Finding> denial =
        findings.stream().filter(each -> each.effect().isDenial()).findFirst();
    if (denial.isPresent()) {
      return deny(admitted, blocked(denial.get()));
    }
    Unsearched unsearched = screening.unsearched();
    Optional<BoundGuard> refusing = unsearched.refusing();
    if (refusing.isPresent()) {
      metrics.guardVerdict(Unsearched.TYPE, Effect.BLOCKED.label());
      return deny(admitted, unsearched.refused(refusing.get()));
    }
    if (screening.hasTooManyRedactions()) {
      return deny(
          admitted,
          Refusal.of(
                  Code.GUARD_BLOCKED,
                  "The tenant's guards would have to redact more than %d passages of the request; send less at once."
                      .formatted(Screening.MAX_REDACTIONS))
              .toException());
    }
    if (unsearched.wouldRefuse().isPresent()) {
      metrics.guardVerdict(Unsearched.TYPE, Effect.WOULD_BLOCK.label());
    }
    screening.redact(admitted.request());
    return Future.succeededFuture(screening);
  }

  private Future<Screened> ask(Admitted admitted, Screening screening) {
    return external
        .ask(admitted, screening)
        .onFailure(failure -> {
          if (failure instanceof ClientGoneException) {
            trace(admitted).deny(STEP, "client gone");
          }
        })
        .compose(verdicts -> conclude(admitted, screening, verdicts));
  }

  /** By what others have said, too. */
  private Future<Screened> conclude(
      Admitted admitted, Screening screening, List<ExternalVerdict> verdicts) {
    ExchangeTrace trace = trace(admitted);
    for (ExternalVerdict verdict : verdicts) {
      trace.pass(STEP, verdict.reason());
      verdict.label().ifPresent(label -> metrics.guardVerdict(Detector.Http.TYPE, label));
    }
    Optional<ExternalVerdict> denial =
        verdicts.stream().filter(ExternalVerdict::isDenial).findFirst();
    if (denial.isPresent()) {
      return deny(admitted, denial.get().refused());
    }
    if (screening.wouldDeny() || verdicts.stream().anyMatch(ExternalVerdict::wouldDeny)) {
      trace.wouldDeny(STEP, Code.GUARD_BLOCKED);
      metrics.wouldDeny(Code.GUARD_BLOCKED.text());
    }
    return Future.succeededFuture(new Screened(admitted));
  }

  private static RefusedException blocked(Finding finding) {
    String sentence =
        "The guard %s does not let this request pass: its detector %d (%s) found something at %s; take it out and send the request again."
            .formatted(finding.guard(), finding.detector(), finding.rule(), finding.where());
    return (finding.firstAt().isEmpty()
            ? Refusal.of(Code.GUARD_BLOCKED, sentence)
            : Refusal.ofField(Code.GUARD_BLOCKED, finding.firstAt(), sentence))
        .toException();
  }

  private static <T> Future<T> deny(Admitted admitted, RefusedException refused) {
    trace(admitted).deny(STEP, refused.refusal().code().text());
    return Future.failedFuture(refused);
  }
}
