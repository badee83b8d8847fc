package dev.penstock.dataplane.dialect.openai.chat;

import dev.penstock.dataplane.dialect.AnswerEncoder;
import dev.penstock.dataplane.dialect.ModelEvent;
import dev.penstock.dataplane.dialect.ModelEvent.Started;
import dev.penstock.dataplane.dialect.ModelRequest;
import dev.penstock.dataplane.dialect.json.JsonBody;
import dev.penstock.dataplane.exchange.Refusal;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;

/** Writes a chat completion to a client of OpenAI or Mistral, as chunks or whole. */
public final class AnswerWriter implements AnswerEncoder {

  private final ModelRequest request;
  private final String answerId;
  private final Instant askedAt;
  private final ChatForm form;
  private final GatheredAnswer gathered = new GatheredAnswer();

  /**
   * @param form of the client's dialect, and of this answer alone
   */
  public AnswerWriter(ModelRequest request, String answerId, Instant askedAt, ChatForm form) {
    this.request = request;
    this.answerId = answerId;
    this.askedAt = askedAt;
    this.form = form;
    form.start(identified(new Started("", "", 0)));
  }

  /** Clients want every chunk to say which answer it is of, whatever the provider leaves out. */
  private Started identified(Started told) {
    return new Started(
        told.id().isEmpty() ? answerId : told.id(),
        told.model().isEmpty() ? request.model() : told.model(),
        told.createdUnixSeconds() == 0 ? askedAt.getEpochSecond() : told.createdUnixSeconds());
  }

  @Override
  public void event(ModelEvent event, Buffer out) {
    if (!request.stream()) {
      gathered.take(event);
    } else if (event instanceof Started started) {
      form.start(identified(started));
    } else {
      form.take(event, out);
    }
  }

  @Override
  public Buffer terminal() {
    return form.terminal();
  }

  @Override
  public Buffer failure(Refusal refusal, String requestId) {
    return form.errors().events(refusal, requestId);
  }

  @Override
  public Buffer keepAlive() {
    return form.errors().keepAlive();
  }

  @Override
  public Buffer whole() {
    Started started = identified(gathered.started());
    return JsonBody.of(json -> {
      json.writeStringField("id", started.id());
      json.writeStringField("object", "chat.completion");
      json.writeNumberField("created", started.createdUnixSeconds());
      json.writeStringField("model", started.model());
      json.writeArrayFieldStart("choices");
      json.writeStartObject();
      json.writeNumberField("index", 0);
      form.choice(json, gathered);
      json.writeEndObject();
      json.writeEndArray();
      form.usage(json, gathered);
    });
  }
}
