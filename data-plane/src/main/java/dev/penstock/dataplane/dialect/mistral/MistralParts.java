package dev.penstock.dataplane.dialect.mistral;

import dev.penstock.dataplane.dialect.Dialect;
import dev.penstock.dataplane.dialect.Feature;
import dev.penstock.dataplane.dialect.ModelRequest.Part;
import dev.penstock.dataplane.dialect.ReasoningMark;
import dev.penstock.dataplane.dialect.ReasoningMark.Kind;
import dev.penstock.dataplane.dialect.field.DataUrl;
import dev.penstock.dataplane.dialect.field.Field;
import dev.penstock.dataplane.dialect.field.Uses;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads the chunks of the content of Mistral's messages. */
final class MistralParts {

  private static final int MAX_THOUGHTS = 2_000;

  private final Uses uses;

  MistralParts(Uses uses) {
    this.uses = uses;
  }

  /** Empty for a part that is noted as what cannot be carried. */
  Optional<Part> part(Field part) {
    Field type = part.need("type");
    return switch (type.text()) {
      case "text" -> Optional.of(new Part.Text(part.need("text").text(), Optional.empty()));
      case "image_url" -> Optional.of(image(part.need("image_url")));
      case "document_url" -> Optional.of(document(part));
      case "input_audio" -> Optional.of(audio(part.need("input_audio")));
      case "thinking" -> Optional.of(thought(part));
      case "file" -> unread(Feature.PROVIDER_FILE, part);
      case "reference" -> unread(Feature.UNKNOWN_FIELD, part);
      default ->
          throw type.invalid(
              "The field %s must be one of document_url, image_url, input_audio, text, thinking."
                  .formatted(type.path()));
    };
  }

  private Optional<Part> unread(Feature feature, Field part) {
    uses.note(feature, part.path());
    return Optional.empty();
  }

  private Part image(Field image) {
    if (image.node().isTextual()) {
      return DataUrl.image(image, Optional.empty());
    }
    image
        .find("detail")
        .filter(detail -> !"auto".equals(detail.text()))
        .ifPresent(detail -> uses.note(Feature.IMAGE_DETAIL, detail.path()));
    return DataUrl.image(image.need("url"), Optional.empty());
  }

  private Part document(Field part) {
    String name = part.find("document_name").map(Field::text).orElse("");
    return DataUrl.document(part.need("document_url"), name, Optional.empty());
  }

  /** Base64, of which Mistral finds out the format by itself. */
  private Part audio(Field audio) {
    uses.note(Feature.AUDIO_INPUT, audio.path());
    return new Part.Audio(audio.text(), "", audio.path());
  }

  private Part thought(Field part) {
    uses.note(Feature.REASONING_HISTORY, part.path());
    String text =
        part.need("thinking").items(MAX_THOUGHTS).stream()
            .flatMap(piece -> piece.find("text").stream())
            .map(Field::text)
            .collect(Collectors.joining());
    String kept = part.find("signature").map(Field::text).orElse("");
    ReasoningMark mark = ReasoningMark.sentBy(Dialect.MISTRAL_CHAT, kept, Kind.SIGNATURE);
    return switch (mark.kind()) {
      case SIGNATURE -> new Part.Thought(text, mark.value(), mark.madeBy());
      case ENCRYPTED -> new Part.EncryptedThought(mark.value(), "", mark.madeBy());
    };
  }
}
