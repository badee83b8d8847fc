package dev.penstock.dataplane.exchange;

import java.io.Serial;

/** The client left before a provider had answered. */
public final class ClientGoneException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  public ClientGoneException() {
    super("client gone", null, false, false);
  }
}
