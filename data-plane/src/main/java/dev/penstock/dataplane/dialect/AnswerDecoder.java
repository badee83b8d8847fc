package dev.penstock.dataplane.dialect;

import java.util.function.Consumer;

/**
 * Reads one answer of a provider, as a stream or whole. Used for one exchange, on its event loop.
 */
public interface AnswerDecoder {

  /**
   * One event of a stream.
   *
   * @param name of the SSE field {@code event}; empty where there is none
   * @param bytes hold the data from {@code from} to {@code to}; valid during the call
   * @throws MalformedAnswer where it is not what the dialect says
   */
  void event(String name, byte[] bytes, int from, int to, Consumer<ModelEvent> out)
      throws MalformedAnswer;

  /**
   * The stream has ended, without a terminal event perhaps. Gives what was held back; {@link
   * ModelEvent.Ended} only where the answer was complete.
   */
  void end(Consumer<ModelEvent> out);

  /**
   * A whole answer with status 200.
   *
   * @throws MalformedAnswer where it is not what the dialect says
   */
  void whole(byte[] body, Consumer<ModelEvent> out) throws MalformedAnswer;

  /** An answer with any other status. */
  ProviderError error(int status, byte[] body);
}
