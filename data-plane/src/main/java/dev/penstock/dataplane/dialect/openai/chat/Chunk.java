package dev.penstock.dataplane.dialect.openai.chat;

import java.util.ArrayList;
import java.util.List;

/**
 * What one chunk of a stream, or a whole answer, says of its first choice. Filled by {@link
 * ChunkParser}.
 */
final class Chunk {

  /** A piece of an answer, in the order in which it came. */
  sealed interface Piece {

    record Text(String text) implements Piece {}

    record Thought(String text) implements Piece {}

    record Refusal(String text) implements Piece {}

    record Signature(String signature) implements Piece {}
  }

  /**
   * A call, or more of one.
   *
   * @param index negative where there is none, as at Mistral
   * @param id empty where it is not told again
   * @param name empty where it is not told again
   */
  record Call(int index, String id, String name, String arguments) {}

  final List<Piece> pieces = new ArrayList<>();
  final List<Call> calls = new ArrayList<>();
  String id = "";
  String model = "";
  long createdUnixSeconds;
  boolean choice;
  boolean error;
  String finish = "";
  String stopSequence = "";
  int usageStart = -1;
  int usageEnd = -1;

  /** Takes back what another choice than the first said. */
  void forgetChoice() {
    pieces.clear();
    calls.clear();
    finish = "";
    stopSequence = "";
  }
}
