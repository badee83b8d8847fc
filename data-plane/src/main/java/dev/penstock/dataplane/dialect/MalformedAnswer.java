package dev.penstock.dataplane.dialect;

/** A provider sent what its dialect does not allow. Its message never quotes the answer. */
public final class MalformedAnswer extends Exception {

  private static final long serialVersionUID = 1L;

  public MalformedAnswer(String message) {
    super(message, null, false, false);
  }
}
