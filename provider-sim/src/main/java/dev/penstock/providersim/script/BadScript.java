package dev.penstock.providersim.script;

/** JSON that is no script; the message names the place, the value and what was expected. */
public final class BadScript extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  BadScript(String message) {
    super(message);
  }
}
