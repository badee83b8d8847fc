package dev.penstock.providersim.play;

import dev.penstock.providersim.dialect.Asked;
import dev.penstock.providersim.dialect.Dialect;
import dev.penstock.providersim.dialect.Provider;
import dev.penstock.providersim.invoice.CallEntry;
import dev.penstock.providersim.invoice.Outcome;
import dev.penstock.providersim.invoice.Tariff;
import dev.penstock.providersim.refuse.Complaint;
import dev.penstock.providersim.script.Script;
import dev.penstock.providersim.script.Step;
import dev.penstock.providersim.script.Utterance;
import io.netty.channel.EventLoop;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Plays one script for one call, on the connection's event loop.
 *
 * <p>Exactly one continuation is outstanding at any time: a timer, a drain, or a yielded turn.
 *
 * <p>Time is a schedule, not a chain of delays: {@code dueNanos} advances by what the script says
 * and never by when a timer fired, so a late timer makes the next one shorter. Timers are Netty's
 * because Vert.x's count milliseconds; on NIO they still fire up to a millisecond late. After a
 * client paused, what is overdue goes out at once, as a provider that kept generating would do it.
 *
 * <p>Nothing is written while the client's queue is full, and after {@value #TURN_BYTES} bytes the
 * other streams of the loop get their turn.
 */
public final class ScriptPlayer {
  private static final Logger LOG = Logger.getLogger(ScriptPlayer.class.getName());
  private static final int TURN_BYTES = 256 << 10;
  private static final int TURN_STEPS = 64;

  private final Provider provider;
  private final List<Step> steps;
  private final Reply reply;
  private final Wire wire;
  private final CallEntry entry;
  private final Tariff tariff;
  private final EventLoop loop;
  private final long maxTokens;

  private long dueNanos;
  private int position;
  private int textChunks;
  private int talkPieces;
  private boolean cut;
  private boolean parked;

  public ScriptPlayer(
      Dialect dialect,
      Script script,
      Asked asked,
      Tariff tariff,
      CallEntry entry,
      Wire wire,
      EventLoop loop) {
    this.provider = dialect.provider();
    this.steps = dialect.plays(script.steps());
    this.wire = wire;
    this.entry = entry;
    this.tariff = tariff;
    this.loop = loop;
    this.maxTokens = asked.maxTokens().orElse(Long.MAX_VALUE);
    this.dueNanos = entry.startNanos();
    this.reply =
        switch (asked.form()) {
          case Asked.Streamed stream -> new Reply.AsStream(wire, stream.shapes(), tariff.prompt());
          case Asked.Whole whole -> new Reply.AsDocument(wire, whole.document());
        };
  }

  public void start() {
    wire.head(200, reply.contentType());
    proceed();
  }

  /** A timer would swallow what is thrown here and leave the client waiting for ever. */
  private void proceed() {
    try {
      playTurn();
    } catch (RuntimeException fault) {
      LOG.log(Level.SEVERE, "script broke off", fault);
      wire.reset();
    }
  }

  private void playTurn() {
    long turnStart = entry.bytesSent();
    int turnSteps = 0;
    while (!wire.isOver() && !parked) {
      if (wire.isFull()) {
        wire.onDrain(this::proceed);
        return;
      }
      long wait = dueNanos - System.nanoTime();
      if (wait > 0) {
        loop.schedule(this::proceed, wait, TimeUnit.NANOSECONDS);
        return;
      }
      if (turnSteps++ == TURN_STEPS || entry.bytesSent() - turnStart > TURN_BYTES) {
        loop.execute(this::proceed);
        return;
      }
      if (position == steps.size()) {
        reply.end(entry.reported(tariff));
        return;
      }
      play(steps.get(position));
    }
  }

  private void play(Step step) {
    position++;
    switch (step) {
      case Step.Sleep sleep -> dueNanos += sleep.micros() * 1_000;
      case Step.Text text -> play(text);
      case Step.Event event -> play(event);
      case Step.Bytes bytes -> reply.raw(bytes.raw());
      case Step.Talk talk -> play(talk);
      case Step.Finish finish -> reply.finish(cut ? finish.cut() : finish, entry.reported(tariff));
      case Step.Fail fail -> play(fail);
      case Step.Status status -> play(status);
      case Step.Stall stall -> parked = true;
      case Step.Reset reset -> park(wire::reset);
      case Step.Close close -> park(wire::close);
    }
  }

  private void park(Runnable ending) {
    parked = true;
    ending.run();
  }

  /** One write of a text step; the step stays current until all of its chunks are out. */
  private void play(Step.Text text) {
    int left = text.chunks() - textChunks;
    long allowed = maxTokens - entry.tokensSent();
    int count = (int) Math.min(Math.min(text.group(), left), allowed);
    if (count > 0) {
      reply.text(text, textChunks, count);
      entry.generated(count, count);
      textChunks += count;
    }
    if (textChunks < text.chunks() && allowed > count) {
      dueNanos += text.everyMicros() * 1_000;
      position--;
      return;
    }
    cut |= textChunks < text.chunks();
    textChunks = 0;
  }

  /** One piece of a talk step; the step stays current until all of its pieces are out. */
  private void play(Step.Talk talk) {
    List<Utterance> pieces = reply.pieces(talk);
    boolean allowed = entry.tokensSent() < maxTokens;
    if (allowed && talkPieces < pieces.size()) {
      long before = entry.bytesSent();
      reply.utter(pieces.get(talkPieces));
      entry.generated(entry.bytesSent() > before ? 1 : 0, 1);
      entry.reasoned(pieces.get(talkPieces) instanceof Utterance.Thought ? 1 : 0);
      talkPieces++;
    }
    if (allowed && talkPieces < pieces.size()) {
      dueNanos += talk.everyMicros() * 1_000;
      position--;
      return;
    }
    cut |= talkPieces < pieces.size();
    talkPieces = 0;
  }

  /** An event that would go over the limit is left out; those without tokens still go. */
  private void play(Step.Event event) {
    if (event.tokens() > maxTokens - entry.tokensSent()) {
      cut = true;
      return;
    }
    reply.event(event);
    entry.generated(event.tokens() > 0 ? 1 : 0, event.tokens());
  }

  private void play(Step.Status status) {
    wire.head(status.code(), reply.contentType());
    if (status.code() < 400 && status.body() == null) {
      status.headers().forEach(wire::header);
      wire.sendHead();
      return;
    }
    wire.header("content-type", "application/json");
    status.headers().forEach(wire::header);
    String body = status.body();
    wire.answer(
        body == null ? error(Complaint.ofStatus(status.code())) : Buffer.buffer(body),
        status.code() < 400 ? Outcome.COMPLETE : Outcome.FAILED);
  }

  private void play(Step.Fail fail) {
    parked = true;
    if (wire.isHeadSent()) {
      reply.fail(fail.complaint());
      return;
    }
    wire.head(fail.complaint().status(), "application/json");
    fail.retryAfterSeconds()
        .ifPresent(seconds -> wire.header("retry-after", Long.toString(seconds)));
    wire.answer(error(fail.complaint()), Outcome.FAILED);
  }

  private Buffer error(Complaint complaint) {
    return provider.error(complaint, wire.requestId());
  }
}
