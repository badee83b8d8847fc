package dev.penstock.dataplane.config;

/** The environment does not describe a node; the message is one sentence for whoever starts it. */
public final class BadConfig extends Exception {

  private static final long serialVersionUID = 1;

  BadConfig(String message) {
    super(message);
  }
}
