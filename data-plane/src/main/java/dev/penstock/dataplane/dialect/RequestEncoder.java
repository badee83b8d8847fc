package dev.penstock.dataplane.dialect;

import io.vertx.core.buffer.Buffer;

/**
 * Writes requests in one dialect. Holds nothing. What the dialect cannot carry has been dealt with
 * before, by {@link Losses}.
 */
@FunctionalInterface
public interface RequestEncoder {

  /**
   * The body for a provider.
   *
   * @throws dev.penstock.dataplane.exchange.RefusedException with {@code unsupported_field} that
   *     names the client's field, where a value has no counterpart
   */
  Buffer encode(ModelRequest request, Target target);
}
