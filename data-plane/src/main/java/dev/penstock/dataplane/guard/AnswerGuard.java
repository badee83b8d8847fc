package dev.penstock.dataplane.guard;

import dev.penstock.dataplane.dialect.AnswerTexts;
import dev.penstock.dataplane.dialect.AnswerTexts.Flow;
import dev.penstock.dataplane.dialect.MalformedAnswer;
import dev.penstock.dataplane.dialect.body.Edits;
import dev.penstock.dataplane.dialect.body.Edits.Edit;
import dev.penstock.dataplane.exchange.ExchangeTrace;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.guard.AnswerWalk.Piece;
import dev.penstock.dataplane.guard.Finding.Effect;
import dev.penstock.dataplane.relay.sse.EventBatch;
import dev.penstock.dataplane.relay.sse.EventScanner;
import dev.penstock.dataplane.relay.sse.EventWriter;
import dev.penstock.dataplane.relay.sse.Unfinished;
import dev.penstock.dataplane.telemetry.ExchangeMetrics;
import dev.penstock.kernel.guard.GrowingText;
import dev.penstock.kernel.guard.GuardedText;
import dev.penstock.kernel.guard.ScanBudget;
import dev.penstock.kernel.guard.TextForm;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One answer passes the guards that bind its tenant, event by event, in the form in which the
 * client gets it. An event leaves as soon as no text in it can be a part of what is looked for any
 * more, and in the order in which it came; until then it waits, and what follows waits behind it.
 * What is held is bounded in characters, bytes and time. Owned by its exchange.
 */
public final class AnswerGuard {

  /** So long an event may wait for what follows, while the provider is silent. */
  public static final long MAX_HOLD_MILLIS = 2_000;

  /** So much may wait, with its framing; an answer of which more would have to wait is blocked. */
  static final int MAX_HELD_BYTES = 256 * 1024;

  /** So many texts one answer may have at once; each may keep some kilobytes. */
  static final int MAX_FLOWS = 256;

  /** So many passages of one answer may be redacted, as of a request. */
  static final int MAX_REDACTIONS = Screening.MAX_REDACTIONS;

  /**
   * A text on which no piece has come while so many came on others of its choice or block, is taken
   * to have ended.
   */
  private static final int PATIENCE = 4;

  /** The same for pieces of whatever choice or block, which servers send in batches. */
  private static final int PATIENCE_WITH_OTHERS = 64;

  private static final int MAX_FRAMING = 16;

  private static final int ACROSS = -1;
  private static final String STEP = FindingRecord.STEP;

  private record FlowKey(String name, int group, int inner) {}

  private final OutputGuards guards;
  private final AnswerTexts rules;
  private final AnswerFindings findings;
  private final ScanBudget budget = ScanBudget.ofRequest();
  private final EventWriter writer;
  private final ExchangeTrace trace;
  private final ExchangeMetrics metrics;
  private final Map<FlowKey, RunningText> flows = new HashMap<>(4);
  private final Deque<HeldEvent> held = new ArrayDeque<>(4);
  private @Nullable SameShape like; // the event before
  private final Map<Integer, Long> piecesOf = new HashMap<>(4); // by group
  private long pieces;
  private int added; // events that the provider has not sent
  private int heldBytes;
  private long mostHeld;
  private int opaque;
  private String firstOpaque = "";
  private boolean contentLeft;
  private @Nullable Refusal refusal;

  AnswerGuard(
      OutputGuards guards,
      AnswerTexts rules,
      EventWriter writer,
      ExchangeTrace trace,
      ExchangeMetrics metrics) {
    this.guards = guards;
    this.rules = rules;
    this.writer = writer;
    this.trace = trace;
    this.metrics = metrics;
    findings = new AnswerFindings(guards);
  }

  /** Why the answer must not go on; nothing leaves once there is a reason. */
  public Optional<Refusal> refusal() {
    return Optional.ofNullable(refusal);
  }

  /** Whether text has left. */
  public boolean contentLeft() {
    return contentLeft;
  }

  /** Whether something waits for what follows. */
  public boolean isHolding() {
    return !held.isEmpty();
  }

  /**
   * Takes the kept events of a batch.
   *
   * @param last whether no text follows
   * @return what leaves, of those that were held as well; valid until the next call
   * @throws MalformedAnswer where an event is no JSON
   */
  public EventBatch pass(EventBatch batch, boolean last) throws MalformedAnswer {
    boolean nothingHeld = held.isEmpty();
    int kept = 0;
    for (int i = 0; i < batch.count() && refusal == null; i++) {
      if (batch.isKept(i)) {
        take(batch, i);
        kept++;
      }
    }
    if (last) {
      end(key -> true);
    }
    return release(batch, nothingHeld ? kept : -1, writer);
  }

  /** Lets go what waits, as nothing follows or not soon enough; valid until the next call. */
  public EventBatch settle() {
    flows.values().forEach(flow -> searched(flow.text()::settle));
    writer.begin();
    return release(writer.batch(), -1, writer);
  }

  /**
   * The last event of a stream; only when no text follows. What {@link #pass} gave stays valid.
   *
   * @throws MalformedAnswer where it is no JSON
   */
  public Buffer last(Buffer event) throws MalformedAnswer {
    if (event.length() == 0 || refusal != null) {
      return event;
    }
    EventScanner scanner = new EventScanner(event.length() + MAX_FRAMING);
    Unfinished rest = new Unfinished();
    EventBatch batch = scanner.scan(rest, ((BufferInternal) event).getByteBuf().slice());
    if (batch.count() == 0) {
      batch = scanner.end(rest);
    }
    if (batch.count() == 0) {
      throw new MalformedAnswer("a guard has to look at it, and it is no event");
    }
    for (int i = 0; i < batch.count(); i++) {
      take(batch, i);
    }
    end(key -> true);
    ByteBuf passed = Unpooled.buffer();
    release(batch, batch.count(), new EventWriter()).writeKept(passed);
    return BufferInternal.buffer(passed);
  }

  /**
   * A whole answer. Parts that a client joins are searched each by itself, and as joined.
   *
   * @throws MalformedAnswer where it is no JSON
   */
  public Buffer whole(Buffer answer) throws MalformedAnswer {
    byte[] bytes = answer.getBytes();
    AnswerWalk walk = AnswerWalk.of(rules, bytes, 0, bytes.length);
    walk.opaque().ifPresent(this::opaque);
    List<HeldPiece> texts = new ArrayList<>();
    for (Piece piece : walk.pieces()) {
      HeldPiece alone = alone(piece, false);
      texts.add(piece.flow() == null ? alone : joined(piece, piece.flow(), alone.text()));
    }
    end(key -> true);
    List<Edit> edits = HeldEvent.edits(texts, walk.copies(), guards.change());
    if (edits.isEmpty()) {
      return answer;
    }
    Edits all = new Edits(bytes);
    all.addAll(edits);
    return all.apply();
  }

  private HeldPiece joined(Piece piece, Flow flow, String passed) {
    RunningText running = running(piece, flow);
    searched(() -> running.text().append(passed));
    return new HeldPiece(piece, running, running.text().length(), passed);
  }

  /** Words that quote an answer, such as a provider's of its error. */
  public String words(String words) {
    GuardedText text = text(TextForm.PLAIN, true, "error");
    searched(() -> text.settle(words));
    return refusal == null ? text.take(words) : "";
  }

  private void opaque(String path) {
    if (opaque++ == 0) {
      firstOpaque = path;
      guards
          .unsearched(1, path)
          .refusing()
          .ifPresent(by ->
              refuse(
                  "The guard %s does not let this answer pass: it refuses images, sounds and files, which it cannot search, and the first is at %s."
                      .formatted(by.ref().label(), path)));
    }
  }

  private void take(EventBatch batch, int index) throws MalformedAnswer {
    byte[] bytes = batch.bytes();
    int from = batch.dataStart(index);
    int to = batch.dataEnd(index);
    heldBytes += batch.eventEnd(index) - batch.eventStart(index);
    @Nullable Piece piece = like == null ? null : like.piece(bytes, from, to).orElse(null);
    if (piece != null && piece.flow() != null && !piece.text().isEmpty()) {
      held.add(HeldEvent.ofOnePiece(batch, index, flowing(piece, piece.flow())));
      return;
    }
    AnswerWalk walk = AnswerWalk.of(rules, bytes, from, to);
    like = SameShape.of(walk, bytes, from, to);
    take(batch, index, walk);
  }

  private void take(EventBatch batch, int index, AnswerWalk walk) {
    walk.opaque().ifPresent(this::opaque);
    boolean again = rules.repeats(walk.type());
    if (again) {
      endTexts(walk); // so that it is known what has been found before
    }
    List<HeldPiece> texts = new ArrayList<>(walk.pieces().size());
    for (Piece piece : walk.pieces()) {
      if (!piece.text().isEmpty()) {
        texts.add(piece.flow() == null ? alone(piece, again) : flowing(piece, piece.flow()));
      }
    }
    held.add(new HeldEvent(batch, index, walk, texts, guards.change()));
    if (!again) {
      endTexts(walk);
    }
  }

  private void endTexts(AnswerWalk walk) {
    if (rules.endsAll(walk.type())) {
      end(key -> true);
    }
    if (rules.endsAcross(walk.begins())) {
      end(key -> key.group() == ACROSS);
    }
    List<Integer> ended = walk.endedGroups();
    if (!ended.isEmpty()) {
      end(key -> ended.contains(key.group()));
    }
  }

  private HeldPiece flowing(Piece piece, Flow flow) {
    RunningText running = running(piece, flow);
    searched(() -> running.text().append(piece.text()));
    long inGroup = piecesOf.merge(running.group(), 1L, Long::sum);
    running.cameAs(++pieces, inGroup);
    return HeldPiece.of(piece, running);
  }

  private RunningText running(Piece piece, Flow flow) {
    int group = flow.acrossGroups() ? ACROSS : piece.group();
    FlowKey key = new FlowKey(flow.name(), group, piece.inner());
    RunningText known = flows.get(key);
    if (known != null) {
      return known;
    }
    TextForm form = TextForm.beginsLikeJson(piece.text()) ? TextForm.JSON : flow.form();
    RunningText begun = new RunningText(group, text(form, false, shown(piece.path())));
    flows.put(key, begun);
    if (flows.size() > MAX_FLOWS) {
      refuse("The answer has more than %d texts at once.".formatted(MAX_FLOWS));
    }
    return begun;
  }

  /**
   * A text that stands for itself is judged at once; one that only began like JSON as prose, too.
   */
  private HeldPiece alone(Piece piece, boolean again) {
    String path = shown(piece.path());
    GuardedText text = text(piece.form(), again, path);
    searched(() -> text.settle(piece.text()));
    String passed = text.take(piece.text());
    if (text.isProse()) {
      GuardedText prose = text(TextForm.PLAIN, again, path);
      String once = passed;
      searched(() -> prose.settle(once));
      passed = prose.take(once);
    }
    return HeldPiece.alone(piece, passed);
  }

  private GuardedText text(TextForm form, boolean again, String path) {
    return new GuardedText(
        guards.watches(),
        form,
        budget,
        (watch, rule, start) -> findings.found(watch, rule, again, path, start));
  }

  /** Names in the input of a tool are the model's own. */
  private static String shown(String path) {
    for (String free : List.of(".input.", ".arguments.")) {
      int at = path.indexOf(free);
      if (at >= 0) {
        return path.substring(0, at + free.length() - 1);
      }
    }
    return path;
  }

  private void searched(Runnable search) {
    try {
      search.run();
    } catch (ScanBudget.Exceeded tooLong) {
      refuse("The answer is too long for the tenant's guards to search it with their patterns.");
    }
    if (findings.redacted() > MAX_REDACTIONS) {
      refuse(
          "The tenant's guards would have to redact more than %d passages of the answer."
              .formatted(MAX_REDACTIONS));
    }
    if (refusal == null && findings.isBlocked()) {
      refusal = findings.block().map(AnswerGuard::blocked).orElse(null);
    }
  }

  private static Refusal blocked(Finding finding) {
    return Refusal.of(
        Code.GUARD_BLOCKED,
        "The guard %s does not let this answer pass: its detector %d (%s) found something at %s."
            .formatted(finding.guard(), finding.detector(), finding.rule(), finding.where()));
  }

  private void refuse(String sentence) {
    if (refusal == null) {
      refusal = Refusal.of(Code.GUARD_BLOCKED, sentence);
    }
  }

  private void end(Predicate<FlowKey> which) {
    flows
        .entrySet()
        .removeIf(each -> {
          boolean ends = which.test(each.getKey());
          if (ends) {
            searched(each.getValue().text()::settle);
          }
          return ends;
        });
  }

  /**
   * What may leave does.
   *
   * @param whole that many events of the batch leave as they are if all of them may; negative: it
   *     holds only a part of them
   */
  private EventBatch release(EventBatch batch, int whole, EventWriter writer) {
    List<HeldEvent> leaving = leaving();
    bound();
    if (refusal != null) {
      writer.begin();
      return writer.batch();
    }
    if (leaving.size() == whole && leaving.stream().noneMatch(HeldEvent::isChanged)) {
      return batch;
    }
    byte[] shared = batch.bytes();
    writer.begin();
    leaving.forEach(event -> event.write(writer));
    held.forEach(event -> event.keep(shared));
    return writer.batch();
  }

  private List<HeldEvent> leaving() {
    List<HeldEvent> leaving = new ArrayList<>();
    while (refusal == null && !held.isEmpty()) {
      HeldEvent event = held.element();
      if (!mayLeave(event)) {
        event.begin().ifPresent(begin -> leave(begin, leaving));
        break;
      }
      held.remove();
      heldBytes -= event.size();
      @Nullable HeldEvent next = held.peek();
      if (!event.isRest() || next == null || !event.joins(next)) {
        added += event.isRest() ? 1 : 0;
        leave(event.leave(), leaving);
      }
    }
    return leaving;
  }

  private void leave(HeldEvent event, List<HeldEvent> leaving) {
    event.renumber(added);
    contentLeft |= event.hasText();
    leaving.add(event);
  }

  private boolean mayLeave(HeldEvent event) {
    for (HeldPiece each : event.pieces()) {
      RunningText flow = each.flow();
      if (flow != null && flow.text().settled() < each.end()) {
        boolean left =
            piecesOf.getOrDefault(flow.group(), 0L) - flow.lastOfGroup() >= PATIENCE
                || pieces - flow.lastPiece() >= PATIENCE_WITH_OTHERS;
        if (!left) {
          return false;
        }
        searched(flow.text()::settle);
      }
    }
    return true;
  }

  private void bound() {
    for (HeldEvent event : held) {
      for (HeldPiece each : event.pieces()) {
        if (each.flow() != null) {
          mostHeld = Math.max(mostHeld, each.flow().open());
        }
      }
    }
    if (heldBytes > MAX_HELD_BYTES || mostHeld > GrowingText.MAX_OPEN) {
      refuse(
          "The tenant's guards could not decide on the answer before more than %d characters or %d KiB of it had to wait."
              .formatted(GrowingText.MAX_OPEN, MAX_HELD_BYTES / 1024));
    }
  }

  /** Writes down what was found; once, when the answer is over. */
  public void record() {
    List<Finding> all = findings.all();
    Unsearched unsearched = guards.unsearched(opaque, firstOpaque);
    FindingRecord.write(trace, metrics, "answer: ", all, unsearched);
    unsearched
        .refusing()
        .ifPresent(by -> metrics.guardVerdict(Unsearched.TYPE, Effect.BLOCKED.label()));
    unsearched
        .wouldRefuse()
        .ifPresent(by -> metrics.guardVerdict(Unsearched.TYPE, Effect.WOULD_BLOCK.label()));
    String held = "at most %d characters waited".formatted(mostHeld);
    trace.pass(
        STEP, all.isEmpty() ? "answer: the guards found nothing; " + held : "answer: " + held);
    if (unsearched.wouldRefuse().isPresent()
        || all.stream().anyMatch(each -> each.effect() == Effect.WOULD_BLOCK)) {
      trace.wouldDeny(STEP, Code.GUARD_BLOCKED);
      metrics.wouldDeny(Code.GUARD_BLOCKED.text());
    }
  }
}
