package dev.penstock.providersim.play;

import dev.penstock.providersim.dialect.Asked;
import dev.penstock.providersim.dialect.Gathered;
import dev.penstock.providersim.dialect.StreamShapes;
import dev.penstock.providersim.invoice.Outcome;
import dev.penstock.providersim.invoice.Usage;
import dev.penstock.providersim.refuse.Complaint;
import dev.penstock.providersim.script.Step;
import dev.penstock.providersim.script.Utterance;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** The two ways an answer travels; the same script plays through either. */
sealed interface Reply {
  String contentType();

  void text(Step.Text step, int first, int count);

  /** The pieces of a step in the order in which they are sent this way. */
  List<Utterance> pieces(Step.Talk step);

  void utter(Utterance utterance);

  void event(Step.Event event);

  void raw(Buffer bytes);

  void finish(Step.Finish finish, Usage usage);

  /** The provider fails when the head is out. */
  void fail(Complaint complaint);

  /** The script is at its end. */
  void end(Usage usage);

  /** Sends each thing as it comes. */
  final class AsStream implements Reply {
    private final Wire wire;
    private final StreamShapes shapes;
    private final Usage prompt;
    private boolean begun;

    AsStream(Wire wire, StreamShapes shapes, Usage prompt) {
      this.wire = wire;
      this.shapes = shapes;
      this.prompt = prompt;
    }

    @Override
    public String contentType() {
      return "text/event-stream; charset=utf-8";
    }

    @Override
    public void text(Step.Text step, int first, int count) {
      begin();
      wire.write(shapes.text(step, first, count));
    }

    @Override
    public List<Utterance> pieces(Step.Talk step) {
      return switch (shapes.parallel()) {
        case IN_TURN -> step.inTurn();
        case BRAIDED -> step.braided();
      };
    }

    @Override
    public void utter(Utterance utterance) {
      begin();
      wire.write(shapes.utter(utterance));
    }

    @Override
    public void event(Step.Event event) {
      begun = true;
      wire.write(shapes.event(event));
    }

    @Override
    public void raw(Buffer bytes) {
      begun = true;
      wire.write(bytes);
    }

    @Override
    public void finish(Step.Finish finish, Usage usage) {
      begin();
      wire.write(shapes.finish(finish, usage));
    }

    @Override
    public void fail(Complaint complaint) {
      wire.write(shapes.failure(complaint, wire.requestId()));
      wire.end(Outcome.BROKEN);
    }

    @Override
    public void end(Usage usage) {
      wire.end(Outcome.COMPLETE);
    }

    private void begin() {
      if (!begun) {
        begun = true;
        wire.write(shapes.start(prompt));
      }
    }
  }

  /** Gathers everything into one document, unless the script writes the body itself. */
  final class AsDocument implements Reply {
    private final Wire wire;
    private final Asked.Document document;
    private final Gathered gathered = new Gathered();
    private Step.Finish finish = new Step.Finish("stop", Step.Ending.WHOLE);
    private boolean raw;

    AsDocument(Wire wire, Asked.Document document) {
      this.wire = wire;
      this.document = document;
    }

    @Override
    public String contentType() {
      return "application/json";
    }

    @Override
    public void text(Step.Text step, int first, int count) {
      gathered.add(step, first, count);
    }

    @Override
    public List<Utterance> pieces(Step.Talk step) {
      return step.inTurn();
    }

    @Override
    public void utter(Utterance utterance) {
      gathered.add(utterance);
    }

    @Override
    public void event(Step.Event event) {
      gathered.add(event);
    }

    @Override
    public void raw(Buffer bytes) {
      raw = true;
      wire.write(bytes);
    }

    @Override
    public void finish(Step.Finish scripted, Usage usage) {
      finish = scripted;
    }

    /** Only after raw bytes or a scripted head: there is no good form for it any more. */
    @Override
    public void fail(Complaint complaint) {
      wire.close();
    }

    @Override
    public void end(Usage usage) {
      if (raw) {
        wire.end(Outcome.COMPLETE);
        return;
      }
      wire.answer(document.body(gathered.answer(finish), usage), Outcome.COMPLETE);
    }
  }
}
