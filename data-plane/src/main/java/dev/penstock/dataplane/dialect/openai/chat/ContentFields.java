package dev.penstock.dataplane.dialect.openai.chat;

import dev.penstock.dataplane.dialect.ModelRequest.Part;
import dev.penstock.dataplane.dialect.field.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the content of a message, which OpenAI and Mistral write as a string or as an array. */
public final class ContentFields {

  private static final int MAX_PARTS = 2_000;

  private final Parts parts;

  /** How a dialect writes one part; empty for one that is noted as what cannot be carried. */
  @FunctionalInterface
  public interface Parts {
    Optional<Part> read(Field part);
  }

  public ContentFields(Parts parts) {
    this.parts = parts;
  }

  public List<Part> read(Field content) {
    if (content.node().isTextual()) {
      return List.of(new Part.Text(content.text(), Optional.empty()));
    }
    List<Part> read = new ArrayList<>();
    for (Field part : content.items(MAX_PARTS)) {
      parts.read(part).ifPresent(read::add);
    }
    return read;
  }

  /** The content of a message that may hold text only. */
  public List<Part> texts(Field message) {
    Field content = message.need("content");
    List<Part> read = read(content);
    if (!read.stream().allMatch(Part.Text.class::isInstance)) {
      throw content.invalid("The field %s may hold text only.".formatted(content.path()));
    }
    return read;
  }
}
