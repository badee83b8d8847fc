package dev.penstock.dataplane.exchange;

import dev.penstock.dataplane.exchange.Stage.Arrived;

/** What is left to say to the client once the exchange stands in the spool. */
public sealed interface Ending {

  /** The answer is complete but for its terminal event. */
  record Finish(Runnable finish) implements Ending {}

  /** Nothing has been sent yet, and this is the answer. */
  record Refuse(Refusal refusal) implements Ending {}

  /** The client has left. */
  record Silence() implements Ending {}

  /** Says it. */
  default void tell(Arrived arrived) {
    switch (this) {
      case Finish(Runnable finish) -> finish.run();
      case Refuse(Refusal refusal) -> arrived.client().refuse(refusal, arrived.requestId());
      case Silence() -> {}
    }
  }
}
