package dev.penstock.dataplane.guard;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.penstock.dataplane.dialect.TextVisitor;
import dev.penstock.dataplane.exchange.Stage.Admitted;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What external guards are asked about one request: its texts, as the guards of the node have left
 * them. Holds the prompt, which no {@code toString} shows.
 */
final class ExternalQuestion implements TextVisitor {

  /** Largest question; about a request with longer texts nobody is asked. */
  static final int MAX_BYTES = 1 << 20;

  private static final JsonFactory JSON = new JsonFactory();

  private record Said(String place, String text) {}

  private final Screening screening;
  private final List<Said> texts = new ArrayList<>();
  private long characters; // of which each is a byte at least

  private ExternalQuestion(Screening screening) {
    this.screening = screening;
  }

  /** The question as JSON; empty where it would be too large. */
  static Optional<Buffer> of(Admitted admitted, Screening screening) {
    ExternalQuestion question = new ExternalQuestion(screening);
    admitted.request().visit(question);
    if (question.characters > MAX_BYTES) {
      return Optional.empty();
    }
    return Optional.of(Buffer.buffer(question.json(admitted)))
        .filter(json -> json.length() <= MAX_BYTES);
  }

  @Override
  public void text(Place place, String text) {
    String left = screening.redacted(place.start(), text);
    characters += left.length();
    if (characters <= MAX_BYTES) {
      texts.add(new Said(place.path(), left));
    }
  }

  @Override
  public void opaque(Place place) {
    // what nobody can search is nothing to ask about; see Unsearched
  }

  private String json(Admitted admitted) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("requestId", admitted.governed().identified().arrived().requestId());
      json.writeStringField("tenant", admitted.governed().policy().tenant());
      json.writeStringField("model", admitted.request().model());
      json.writeArrayFieldStart("texts");
      for (Said said : texts) {
        json.writeStartObject();
        json.writeStringField("place", said.place());
        json.writeStringField("text", said.text());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException never) {
      throw new UncheckedIOException(never);
    }
    return out.toString();
  }
}
