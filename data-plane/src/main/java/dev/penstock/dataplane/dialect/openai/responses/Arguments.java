package dev.penstock.dataplane.dialect.openai.responses;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;

/** The JSON that this dialect hides in strings. */
final class Arguments {

  private static final ObjectReader STRICT =
      new ObjectMapper().reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private Arguments() {}

  /** Whether a text is one whole JSON object. */
  static boolean isObject(String text) {
    try {
      return STRICT.readTree(text).isObject();
    } catch (IOException malformed) {
      return false;
    }
  }
}
