package dev.penstock.dataplane.dialect.anthropic;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;

/** How a provider's JSON is read. */
final class WireJson {

  private static final int MAX_DEPTH = 200;

  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION) // no fault may quote an answer
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(Integer.MAX_VALUE) // the limit on an event or a body holds
                  .build())
          .build();

  private WireJson() {}

  /** Is shown each member of an object. */
  @FunctionalInterface
  interface Member {

    /**
     * @param json stands at the value, and has to stand at its end afterwards
     */
    void read(String field, JsonParser json) throws IOException;
  }

  /** Reads the value at which the parser stands; what is no object is passed over. */
  static void members(JsonParser json, Member member) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      member.read(field, json);
    }
  }
}
