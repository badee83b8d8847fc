package dev.penstock.it.compatibility;

import java.util.List;

/** What an application gets from its SDK. */
sealed interface Outcome {

  /** How an answer said that it was over. */
  enum End {
    STOP,
    TOOLS,
    LENGTH,
    REFUSED
  }

  /** A tool's call, its arguments as compact JSON. */
  record Call(String name, String arguments) {}

  /**
   * An answer with an end.
   *
   * @param text what the model said, also where it said why it refuses
   * @param thoughts empty where the application saw none
   */
  record Answered(String text, String thoughts, List<Call> calls, End end) implements Outcome {
    public Answered {
      calls = List.copyOf(calls);
    }
  }

  /**
   * An exception of the SDK's.
   *
   * @param exception its class, and the status where it has one
   */
  record Raised(String exception) implements Outcome {
    static Raised of(Throwable raised, int status) {
      return of(raised.getClass().getSimpleName(), status);
    }

    static Raised of(String name, int status) {
      return new Raised(status >= 400 ? status + " " + name : name);
    }

    /** With the field that it is about, if its message tells. */
    Raised naming(String field, Throwable raised) {
      return naming(field, String.valueOf(raised.getMessage()));
    }

    /** The same of one that is known by its message alone. */
    Raised naming(String field, String message) {
      return message.contains(field) ? new Raised(exception + " on " + field) : this;
    }
  }

  /** Neither an end nor an exception: the application waits until its own patience ends. */
  record Silent() implements Outcome {}
}
