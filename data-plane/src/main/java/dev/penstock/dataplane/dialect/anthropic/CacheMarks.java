package dev.penstock.dataplane.dialect.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.penstock.dataplane.dialect.Feature;
import dev.penstock.dataplane.dialect.FieldReader;
import dev.penstock.dataplane.dialect.ModelRequest.CacheMark;
import dev.penstock.dataplane.dialect.ModelRequest.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a cached prompt may end: {@code cache_control}.
 *
 * <p>Source: Anthropic documentation, "Prompt caching".
 */
final class CacheMarks {

  private static final String FIELD = "cache_control";
  private static final int FIVE_MINUTES = 300;
  private static final int ONE_HOUR = 3600;

  private CacheMarks() {}

  /** The mark of an object that may have one, which is noted. */
  static Optional<CacheMark> read(FieldReader owner) {
    Optional<FieldReader> given = owner.object(FIELD);
    if (given.isEmpty()) {
      return Optional.empty();
    }
    FieldReader mark = given.get();
    owner.note(Feature.CACHE_MARK, FIELD);
    if (!"ephemeral".equals(mark.requiredText("type"))) {
      throw mark.wrong("type", "must be ephemeral");
    }
    int seconds =
        switch (mark.text("ttl").orElse("5m")) {
          case "5m" -> FIVE_MINUTES;
          case "1h" -> ONE_HOUR;
          default -> throw mark.wrong("ttl", "must be 5m or 1h");
        };
    mark.noteUnknown();
    return Optional.of(new CacheMark(seconds));
  }

  /** Puts a mark behind the last part, where it has none of its own and can have one. */
  static List<Part> markLast(List<Part> parts, Optional<CacheMark> mark) {
    if (mark.isEmpty() || parts.isEmpty() || of(parts.getLast()).isPresent()) {
      return parts;
    }
    List<Part> marked = new ArrayList<>(parts);
    marked.set(parts.size() - 1, marked(parts.getLast(), mark));
    return marked;
  }

  /** Takes the mark of the last part away. */
  static List<Part> unmarkLast(List<Part> parts) {
    if (parts.isEmpty() || of(parts.getLast()).isEmpty()) {
      return parts;
    }
    List<Part> unmarked = new ArrayList<>(parts);
    unmarked.set(parts.size() - 1, marked(parts.getLast(), Optional.empty()));
    return unmarked;
  }

  private static Part marked(Part part, Optional<CacheMark> mark) {
    return switch (part) {
      case Part.Text it -> new Part.Text(it.text(), mark);
      case Part.ImageData it -> new Part.ImageData(it.mediaType(), it.base64(), mark, it.path());
      case Part.ImageUrl it -> new Part.ImageUrl(it.url(), mark, it.path());
      case Part.Document it -> it.marked(mark);
      case Part.Audio _, Part.ToolCall _, Part.Thought _, Part.EncryptedThought _, Part.Refusal _ ->
          part;
    };
  }

  /** The mark of a part. */
  static Optional<CacheMark> of(Part part) {
    return switch (part) {
      case Part.Text it -> it.cache();
      case Part.ImageData it -> it.cache();
      case Part.ImageUrl it -> it.cache();
      case Part.Document it -> it.cache();
      case Part.Audio _, Part.ToolCall _, Part.Thought _, Part.EncryptedThought _, Part.Refusal _ ->
          Optional.empty();
    };
  }

  static void write(JsonGenerator json, Optional<CacheMark> mark) throws IOException {
    if (mark.isEmpty()) {
      return;
    }
    json.writeObjectFieldStart(FIELD);
    json.writeStringField("type", "ephemeral");
    if (mark.get().ttlSeconds() > FIVE_MINUTES) {
      json.writeStringField("ttl", "1h");
    }
    json.writeEndObject();
  }
}
