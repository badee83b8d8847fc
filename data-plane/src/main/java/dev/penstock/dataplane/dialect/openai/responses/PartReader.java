package dev.penstock.dataplane.dialect.openai.responses;

import dev.penstock.dataplane.dialect.Feature;
import dev.penstock.dataplane.dialect.FieldReader;
import dev.penstock.dataplane.dialect.ModelRequest.CacheMark;
import dev.penstock.dataplane.dialect.ModelRequest.Part;
import dev.penstock.dataplane.dialect.field.DataUrl;
import dev.penstock.dataplane.dialect.field.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the parts of a message, or of a tool's result. */
final class PartReader {

  private static final int SHORT_TTL_SECONDS = 300;
  private static final int LONG_TTL_SECONDS = 3600;

  private PartReader() {}

  static List<Part> parts(List<FieldReader> parts) {
    List<Part> read = new ArrayList<>(parts.size());
    for (FieldReader part : parts) {
      part(part).ifPresent(read::add);
      part.noteUnknown();
    }
    return read;
  }

  private static Optional<Part> part(FieldReader part) {
    return switch (part.requiredText("type")) {
      case "input_text", "output_text", "text" -> Optional.of(text(part));
      case "refusal" -> Optional.of(new Part.Refusal(part.requiredText("refusal")));
      case "input_image" -> image(part);
      case "input_file" -> file(part);
      case "input_audio" -> Optional.of(audio(part));
      default -> {
        part.note(Feature.UNKNOWN_FIELD, "type");
        yield Optional.empty();
      }
    };
  }

  private static Part text(FieldReader part) {
    part.has("annotations"); // what a model said about its own text
    part.has("logprobs");
    return new Part.Text(part.requiredText("text"), cacheMark(part));
  }

  private static Optional<Part> image(FieldReader part) {
    Optional<String> detail = part.text("detail");
    if (!detail.orElse("auto").equals("auto")) {
      part.note(Feature.IMAGE_DETAIL, "detail");
    }
    Optional<CacheMark> cache = cacheMark(part);
    if (isAtProvider(part)) {
      return Optional.empty();
    }
    return Optional.of(DataUrl.image(part.need("image_url"), cache));
  }

  private static Optional<Part> file(FieldReader part) {
    part.has("detail");
    Optional<CacheMark> cache = cacheMark(part);
    String name = part.text("filename").orElse("");
    Optional<Field> url = part.find("file_url");
    Optional<Field> data = part.find("file_data");
    if (isAtProvider(part)) {
      return Optional.empty();
    }
    Field file = url.or(() -> data).orElseGet(() -> part.need("file_data"));
    return Optional.of(DataUrl.document(file, name, cache));
  }

  private static boolean isAtProvider(FieldReader part) {
    boolean atProvider = part.text("file_id").isPresent();
    if (atProvider) {
      part.note(Feature.PROVIDER_FILE, "file_id");
    }
    return atProvider;
  }

  private static Part audio(FieldReader part) {
    part.note(Feature.AUDIO_INPUT, "input_audio");
    FieldReader audio = part.requiredObject("input_audio");
    Part read =
        new Part.Audio(
            audio.requiredText("data"), audio.requiredText("format"), part.pathOf("input_audio"));
    audio.noteUnknown();
    return read;
  }

  private static Optional<CacheMark> cacheMark(FieldReader part) {
    return part.object("prompt_cache_breakpoint")
        .map(mark -> {
          part.note(Feature.CACHE_MARK, "prompt_cache_breakpoint");
          boolean isLong = mark.text("ttl").orElse("").equals("1h");
          mark.has("mode");
          mark.noteUnknown();
          return new CacheMark(isLong ? LONG_TTL_SECONDS : SHORT_TTL_SECONDS);
        });
  }
}
