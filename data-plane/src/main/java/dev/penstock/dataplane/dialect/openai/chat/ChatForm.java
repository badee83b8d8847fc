package dev.penstock.dataplane.dialect.openai.chat;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.penstock.dataplane.dialect.ErrorShape;
import dev.penstock.dataplane.dialect.ModelEvent;
import dev.penstock.dataplane.dialect.ModelEvent.Started;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/** In what OpenAI's and Mistral's chat completions differ to the clients that read them. */
public interface ChatForm {

  /** What every chunk says of the answer; also before the first event, should there be none. */
  void start(Started started);

  /** An event as chunks, often none. */
  void take(ModelEvent event, Buffer out);

  /** The end of a stream that was complete. */
  Buffer terminal();

  /** The members of a whole answer's choice, beside its index. */
  void choice(JsonGenerator json, GatheredAnswer gathered) throws IOException;

  /** The member {@code usage} of a whole answer. */
  void usage(JsonGenerator json, GatheredAnswer gathered) throws IOException;

  ErrorShape errors();
}
