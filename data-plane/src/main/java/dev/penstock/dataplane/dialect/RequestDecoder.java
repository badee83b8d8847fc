package dev.penstock.dataplane.dialect;

import com.fasterxml.jackson.databind.JsonNode;

/** Reads the requests of one dialect. Holds nothing. */
@FunctionalInterface
public interface RequestDecoder {

  /**
   * @param body is JSON already, with an object at its root
   * @throws dev.penstock.dataplane.exchange.RefusedException with {@code invalid_request} that
   *     names the field
   */
  ModelRequest decode(JsonNode body);
}
