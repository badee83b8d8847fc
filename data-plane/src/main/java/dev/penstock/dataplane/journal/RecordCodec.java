package dev.penstock.dataplane.journal;

import java.util.List;
import java.util.Optional;

/**
 * The bytes of a spool's lines. Lives in {@code wire}, because only that package knows the
 * generated types; the spool moves bytes.
 */
public interface RecordCodec {

  /** What a numbered record says to the spool's own books; empty id and charges for a gap. */
  record Settled(long seq, String requestId, List<ExchangeRecord.Charge> charges) {}

  /** What a hold's line says to the spool's own books. */
  record Held(String requestId, List<String> leaseIds) {}

  /**
   * How far an exchange had come.
   *
   * @param amount held on each lease by then, nano-USD; 0: as the lines before say
   */
  record Progress(String requestId, long outputTokens, long amount) {}

  /**
   * A record that is complete but for its number, and what it charges.
   *
   * @param bytes the record behind {@link #NUMBER_BYTES} free bytes, which {@link #number} fills
   */
  record Unnumbered(byte[] bytes, List<ExchangeRecord.Charge> charges) {}

  /** A record that fits {@code maxBytes}; detail is left out if it would not. */
  Unnumbered record(ExchangeRecord record, int maxBytes);

  /**
   * Puts a number in front of a record, in the bytes left free for it, and returns where the
   * numbered record begins. All that is done under the spool's lock: the record was encoded before.
   */
  int number(byte[] unnumbered, long seq);

  /** Longest encoding of a number. */
  int NUMBER_BYTES = 11;

  byte[] gap(long seq, String reason, long bytes);

  /** A hold's line that fits {@code maxBytes}; detail is left out if it would not. */
  byte[] hold(ExchangeRecord.OpenHold hold, int maxBytes);

  /**
   * The record of an exchange that was cut by the node's death.
   *
   * @param amount held at last, where that is more than the hold's line says
   */
  Unnumbered presume(byte[] hold, long outputTokens, long amount, int maxBytes);

  byte[] progress(Progress progress);

  byte[] lease(LeaseLine line);

  /** Each is empty where the bytes are not what they should be. */
  Optional<Settled> readSettled(byte[] bytes);

  Optional<Held> readHold(byte[] bytes);

  Optional<Progress> readProgress(byte[] bytes);

  Optional<LeaseLine> readLease(byte[] bytes);
}
