package dev.penstock.dataplane.dialect.openai.chat;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.penstock.kernel.money.Tokens;
import java.io.IOException;

/** Writes the {@code usage} object of a chat completion, of OpenAI and Mistral alike. */
public final class UsageWriter {

  private UsageWriter() {}

  /** Details only where they count something: what is not known is not zero. */
  public static void write(JsonGenerator json, Tokens tokens) throws IOException {
    json.writeObjectFieldStart("usage");
    json.writeNumberField("prompt_tokens", tokens.input());
    json.writeNumberField("completion_tokens", tokens.output());
    json.writeNumberField("total_tokens", tokens.input() + tokens.output());
    if (tokens.cacheRead() + tokens.cacheWrite() > 0) {
      json.writeObjectFieldStart("prompt_tokens_details");
      json.writeNumberField("cached_tokens", tokens.cacheRead());
      if (tokens.cacheWrite() > 0) {
        json.writeNumberField("cache_write_tokens", tokens.cacheWrite());
      }
      json.writeEndObject();
    }
    if (tokens.reasoning() > 0) {
      json.writeObjectFieldStart("completion_tokens_details");
      json.writeNumberField("reasoning_tokens", tokens.reasoning());
      json.writeEndObject();
    }
    json.writeEndObject();
  }
}
