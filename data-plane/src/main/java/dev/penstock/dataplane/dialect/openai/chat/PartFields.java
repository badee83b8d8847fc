package dev.penstock.dataplane.dialect.openai.chat;

import dev.penstock.dataplane.dialect.Feature;
import dev.penstock.dataplane.dialect.ModelRequest.CacheMark;
import dev.penstock.dataplane.dialect.ModelRequest.Part;
import dev.penstock.dataplane.dialect.field.DataUrl;
import dev.penstock.dataplane.dialect.field.Field;
import dev.penstock.dataplane.dialect.field.Uses;
import java.util.Optional;
import java.util.Set;

/** Reads the parts of the content of OpenAI's messages. */
final class PartFields {

  private static final int HOUR = 3600;
  private static final int FIVE_MINUTES = 300;

  private final Uses uses;

  PartFields(Uses uses) {
    this.uses = uses;
  }

  /** Empty for a part that is noted as what cannot be carried. */
  Optional<Part> part(Field part) {
    Field type = part.need("type");
    Optional<CacheMark> cache = part.find("prompt_cache_breakpoint").map(this::mark);
    return switch (type.text()) {
      case "text" -> Optional.of(new Part.Text(part.need("text").text(), cache));
      case "refusal" -> Optional.of(new Part.Refusal(part.need("refusal").text()));
      case "image_url" -> Optional.of(image(part.need("image_url"), cache));
      case "input_audio" -> Optional.of(audio(part.need("input_audio")));
      case "file" -> file(part.need("file"), cache);
      default ->
          throw type.invalid(
              "The field %s must be one of file, image_url, input_audio, refusal, text."
                  .formatted(type.path()));
    };
  }

  private CacheMark mark(Field mark) {
    uses.note(Feature.CACHE_MARK, mark.path());
    boolean hour = "1h".equals(mark.find("ttl").map(Field::text).orElse(""));
    return new CacheMark(hour ? HOUR : FIVE_MINUTES);
  }

  private Part image(Field image, Optional<CacheMark> cache) {
    image.noteUnknown(Set.of("url", "detail"), uses);
    image
        .find("detail")
        .filter(detail -> !"auto".equals(detail.text()))
        .ifPresent(detail -> uses.note(Feature.IMAGE_DETAIL, detail.path()));
    return DataUrl.image(image.need("url"), cache);
  }

  private Part audio(Field audio) {
    uses.note(Feature.AUDIO_INPUT, audio.path());
    return new Part.Audio(audio.need("data").text(), audio.need("format").text(), audio.path());
  }

  private Optional<Part> file(Field file, Optional<CacheMark> cache) {
    Optional<Field> id = file.find("file_id");
    if (id.isPresent()) {
      uses.note(Feature.PROVIDER_FILE, id.get().path());
      return Optional.empty();
    }
    String name = file.find("filename").map(Field::text).orElse("");
    return Optional.of(DataUrl.document(file.need("file_data"), name, cache));
  }
}
