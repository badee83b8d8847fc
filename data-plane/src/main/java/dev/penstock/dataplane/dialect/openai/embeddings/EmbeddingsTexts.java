package dev.penstock.dataplane.dialect.openai.embeddings;

import com.fasterxml.jackson.core.JsonStreamContext;
import dev.penstock.dataplane.dialect.body.Contexts;
import dev.penstock.dataplane.dialect.body.TextRules;
import java.util.Set;

/** All strings of a request for embeddings are texts, but for the model's name. */
record EmbeddingsTexts() implements TextRules {

  private static final Set<String> KNOWN =
      Set.of(
          "model",
          "input",
          "dimensions",
          "encoding_format",
          "user",
          "output_dimension",
          "output_dtype",
          "metadata");

  @Override
  public boolean isKnown(String name) {
    return KNOWN.contains(name);
  }

  @Override
  public boolean isOpaque(JsonStreamContext object, String name) {
    return false;
  }

  @Override
  public boolean isId(JsonStreamContext object) {
    return "model".equals(object.getCurrentName()) && Contexts.isRoot(object);
  }

  @Override
  public boolean isInlineData(JsonStreamContext object, String text) {
    return false;
  }
}
