package dev.penstock.providersim.dialect;

import dev.penstock.providersim.invoice.Usage;
import dev.penstock.providersim.refuse.Complaint;
import dev.penstock.providersim.script.Step;
import dev.penstock.providersim.script.Utterance;
import io.vertx.core.buffer.Buffer;

/**
 * The events of one streamed answer. Each method gives the bytes of what is sent next; an instance
 * serves one answer, in order, on one thread.
 */
public interface StreamShapes {
  /** What goes before everything else; not called where a script writes its events itself. */
  Buffer start(Usage prompt);

  Buffer utter(Utterance utterance);

  /** Chunks {@code first} and on of a step, {@code count} of them, to be written at once. */
  default Buffer text(Step.Text step, int first, int count) {
    FillerText filler = new FillerText(step);
    Buffer chunks = Buffer.buffer();
    for (int chunk = first; chunk < first + count; chunk++) {
      chunks.appendBuffer(utter(new Utterance.Said(filler.chunk(chunk))));
    }
    return chunks;
  }

  /** A scripted event, as it stands unless the provider's own has fields that it lacks. */
  default Buffer event(Step.Event event) {
    return Sse.scripted(event.name(), event.data());
  }

  /** The end in good form. */
  Buffer finish(Step.Finish finish, Usage usage);

  /** The provider breaks off, and says why. */
  Buffer failure(Complaint complaint, String requestId);

  /** Whether pieces of parallel calls can be sent in turns, or one call after the other only. */
  default Parallel parallel() {
    return Parallel.IN_TURN;
  }

  /** How the pieces of parallel calls follow each other. */
  enum Parallel {
    IN_TURN,
    BRAIDED
  }
}
