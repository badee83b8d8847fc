package dev.penstock.dataplane.exchange;

import dev.penstock.dataplane.journal.ExchangeRecord.Attempt;
import dev.penstock.dataplane.journal.ExchangeRecord.Bill;
import dev.penstock.dataplane.journal.ExchangeRecord.Caller;
import dev.penstock.dataplane.journal.ExchangeRecord.Decision;
import dev.penstock.dataplane.journal.ExchangeRecord.Decision.Verdict;
import dev.penstock.dataplane.journal.ExchangeRecord.Target;
import dev.penstock.dataplane.ratelimit.Permit;
import dev.penstock.dataplane.route.Candidate;
import dev.penstock.dataplane.upstream.Drains.Drain;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What has been learnt about an exchange so far. Steps write into it as they go, so that an
 * exchange that ends anywhere leaves a whole record. Owned by the exchange's event loop.
 */
public final class ExchangeTrace {

  private final long startNanos = System.nanoTime();
  private final List<Decision> decisions = new ArrayList<>(11);
  private final List<Attempt> attempts = new ArrayList<>(2);
  private List<Unserved> unserved = List.of();
  private Caller caller = Caller.UNKNOWN;
  private Target target = Target.NONE;
  private String modelAsked = "";
  private String model = "";
  private boolean stream;
  private long policyRevision;
  private long openNanos;
  private long firstUpstreamNanos;
  private long firstDeliveredNanos;
  private boolean recorded;
  private Permit permit = Permit.NONE;
  private Optional<Drain> drain = Optional.empty();

  /**
   * An attempt that did not serve.
   *
   * @param index its place among the attempts
   * @param answerBytes what had come of an answer
   */
  public record Unserved(int index, Candidate asked, long answerBytes) {}

  /** Microseconds since the exchange arrived. */
  public long micros() {
    return (System.nanoTime() - startNanos) / 1000;
  }

  /** A step let the exchange pass. */
  public void pass(String step, String reason) {
    decisions.add(new Decision(step, Verdict.PASS, reason, micros()));
  }

  /** A step ended the exchange. */
  public void deny(String step, String reason) {
    decisions.add(new Decision(step, Verdict.DENY, reason, micros()));
  }

  /** A rule in observe mode would have ended the exchange with this code. */
  public void wouldDeny(String step, Refusal.Code code) {
    decisions.add(new Decision(step, Verdict.WOULD_DENY, code.text(), micros()));
  }

  public void identified(Caller who) {
    caller = who;
  }

  public void governed(Caller whoWithTags, long revision) {
    caller = whoWithTags;
    policyRevision = revision;
  }

  /** The revision is known before the caller is, so that a refused key is recorded with it. */
  public void decidedBy(long revision) {
    policyRevision = revision;
  }

  public void asked(String modelName, boolean wantsStream) {
    modelAsked = modelName;
    stream = wantsStream;
  }

  /** The name that was asked for exists, as a model's or as a route's. */
  public void resolvedModel(String name) {
    model = name;
  }

  /**
   * A call begins.
   *
   * @param ownModel the deployment's, which a route may choose for the one that was asked for
   */
  public void opening(Target where, String ownModel) {
    target = where;
    model = ownModel;
    openNanos = System.nanoTime();
  }

  public void attempted(Attempt attempt) {
    attempts.add(attempt);
  }

  /** The last attempt served: it is billable, and its first token came after so long. */
  public void servedByLastAttempt() {
    attempts.add(attempts.removeLast().served(ttftUpstreamMicros()));
  }

  /** The last attempt, which had answered, ended badly. */
  public void lastAttemptFailed(String error) {
    attempts.add(attempts.removeLast().failed(error));
  }

  /**
   * The last attempt did not serve, and its provider may charge for it all the same.
   *
   * @param answerBytes what had come of an answer
   */
  public void lastAttemptMayCost(Candidate asked, long answerBytes) {
    if (unserved.isEmpty()) {
      unserved = new ArrayList<>(2);
    }
    unserved.add(new Unserved(attempts.size() - 1, asked, answerBytes));
  }

  /** Attempts whose providers may charge although they did not serve. */
  public List<Unserved> unserved() {
    return unserved;
  }

  /** What an attempt costs. */
  public void attemptCosts(int index, Bill bill) {
    attempts.set(index, attempts.get(index).costing(bill));
  }

  /** What the attempt costs that the tenant is charged for; nothing where there is none. */
  public void servedAttemptCosts(Bill bill) {
    int last = attempts.size() - 1;
    if (last >= 0 && attempts.get(last).billable()) {
      attemptCosts(last, bill);
    }
  }

  public void firstTokenFromProvider() {
    if (firstUpstreamNanos == 0) {
      firstUpstreamNanos = System.nanoTime();
    }
  }

  public void firstTokenDelivered() {
    if (firstDeliveredNanos == 0) {
      firstDeliveredNanos = System.nanoTime();
    }
  }

  public long ttftUpstreamMicros() {
    return firstUpstreamNanos == 0 ? 0 : Math.max(1, (firstUpstreamNanos - openNanos) / 1000);
  }

  public long ttftDeliveredMicros() {
    return firstDeliveredNanos == 0 ? 0 : Math.max(1, (firstDeliveredNanos - startNanos) / 1000);
  }

  /** What the exchange has taken of rate limits; given back when it is over. */
  public void permitted(Permit taken) {
    permit = taken;
  }

  public Permit permit() {
    return permit;
  }

  /** The client has left, and its provider is read on; ends when the exchange is over. */
  public void draining(Drain begun) {
    drain = Optional.of(begun);
  }

  public Optional<Drain> drain() {
    return drain;
  }

  /** The exchange stands in the spool; it is not written a second time. */
  public void markRecorded() {
    recorded = true;
  }

  public boolean recorded() {
    return recorded;
  }

  public List<Decision> decisions() {
    return decisions;
  }

  public List<Attempt> attempts() {
    return attempts;
  }

  public Caller caller() {
    return caller;
  }

  public Target target() {
    return target;
  }

  public String modelAsked() {
    return modelAsked;
  }

  public String model() {
    return model;
  }

  public boolean stream() {
    return stream;
  }

  public long policyRevision() {
    return policyRevision;
  }
}
