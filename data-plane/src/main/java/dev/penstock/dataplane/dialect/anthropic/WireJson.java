package dev.penstock.dataplane.dialect.anthropic;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;

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
}
