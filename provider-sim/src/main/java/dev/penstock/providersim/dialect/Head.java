package dev.penstock.providersim.dialect;

import io.vertx.core.MultiMap;

/** What is known of a call before its body is read. */
public record Head(String path, MultiMap params, MultiMap headers) {
  /** Names only: values may be keys. */
  @Override
  public String toString() {
    return "Head[path=%s, headers=%s]".formatted(path, headers.names());
  }
}
