package dev.penstock.dataplane.dialect.anthropic;

import dev.penstock.dataplane.dialect.Feature;
import dev.penstock.dataplane.dialect.FieldReader;
import dev.penstock.dataplane.dialect.ModelRequest.CacheMark;
import dev.penstock.dataplane.dialect.ModelRequest.Part;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/** Reads images and documents, whose content comes from one of several sources. */
final class SourceReader {

  /** The images that the API takes. */
  static final Set<String> IMAGE_TYPES =
      Set.of("image/jpeg", "image/png", "image/gif", "image/webp");

  static final String PDF = "application/pdf";
  static final String PLAIN_TEXT = "text/plain";

  private SourceReader() {}

  /** Empty where the image is not in the request; that is noted. */
  static Optional<Part> image(FieldReader block) {
    FieldReader source = block.requiredObject("source");
    Optional<CacheMark> mark = CacheMarks.read(block);
    Optional<Part> part =
        switch (source.requiredText("type")) {
          case "base64" -> {
            String type = source.requiredText("media_type");
            if (!IMAGE_TYPES.contains(type)) {
              throw source.wrong(
                  "media_type", "must be image/jpeg, image/png, image/gif or image/webp");
            }
            yield Optional.of(
                new Part.ImageData(type, source.requiredText("data"), mark, source.path()));
          }
          case "url" ->
              Optional.of(new Part.ImageUrl(source.requiredText("url"), mark, source.path()));
          case "file" -> file(source);
          default -> throw source.wrong("type", "must be base64, url or file");
        };
    source.noteUnknown();
    block.noteUnknown();
    return part;
  }

  private static Optional<Part> file(FieldReader source) {
    source.requiredText("file_id");
    source.note(Feature.PROVIDER_FILE, "file_id");
    return Optional.empty();
  }

  /** Empty where the document is not in the request, or made of blocks; that is noted. */
  static Optional<Part> document(FieldReader block) {
    FieldReader source = block.requiredObject("source");
    Optional<CacheMark> mark = CacheMarks.read(block);
    String name = block.text("title").orElse("");
    Optional<Part> part =
        switch (source.requiredText("type")) {
          case "base64" ->
              Optional.of(
                  new Part.Document(
                      source.requiredText("media_type"),
                      source.requiredText("data"),
                      false,
                      name,
                      mark,
                      source.path()));
          case "url" ->
              Optional.of(
                  new Part.Document(
                      PDF, source.requiredText("url"), true, name, mark, source.path()));
          case "text" -> Optional.of(plainText(source, name, mark));
          case "file" -> file(source);
          case "content" -> {
            source.note(Feature.UNKNOWN_FIELD, "type");
            yield Optional.empty();
          }
          default -> throw source.wrong("type", "must be base64, text, url, content or file");
        };
    source.noteUnknown();
    noteCitations(block);
    block.noteUnknown();
    return part;
  }

  private static Part plainText(FieldReader source, String name, Optional<CacheMark> mark) {
    source.text("media_type");
    byte[] text = source.requiredText("data").getBytes(StandardCharsets.UTF_8);
    String base64 = Base64.getEncoder().encodeToString(text);
    return new Part.Document(PLAIN_TEXT, base64, false, name, mark, source.path());
  }

  /** Citations that are not asked for change nothing. */
  private static void noteCitations(FieldReader block) {
    block
        .object("citations")
        .flatMap(citations -> citations.flag("enabled"))
        .filter(enabled -> enabled)
        .ifPresent(_ -> block.note(Feature.UNKNOWN_FIELD, "citations"));
  }
}
