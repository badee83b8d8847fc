package dev.penstock.dataplane.journal;

import dev.penstock.dataplane.journal.RecordCodec.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The exchanges that hold: where the line of each stands in the log, and how much room is set aside
 * for its settlement. A segment stays as long as a line of an open hold stands in it.
 *
 * <p>Everything that changes is called under the spool's lock; {@link #get}, {@link #size} and
 * {@link #in} may be called without it, and what they say may be out of date.
 */
final class OpenHolds {

  /** One exchange that holds. */
  static final class Hold {
    private final List<String> leaseIds;
    private final int reserved;
    private volatile SpoolLog.Place place;
    private long outputTokens;
    private long amount;

    private Hold(List<String> leaseIds, int reserved, SpoolLog.Place place) {
      this.leaseIds = leaseIds;
      this.reserved = reserved;
      this.place = place;
    }

    /** The room of its settlement, frame included. */
    int reserved() {
      return reserved;
    }
  }

  private final SpoolLog log;
  private final LeaseLines leases;
  private final RecordCodec codec;
  private final Map<String, Hold> byRequest = new ConcurrentHashMap<>();

  OpenHolds(SpoolLog log, LeaseLines leases, RecordCodec codec) {
    this.log = log;
    this.leases = leases;
    this.codec = codec;
  }

  @Nullable Hold get(String requestId) {
    return byRequest.get(requestId);
  }

  int size() {
    return byRequest.size();
  }

  /** Writes a hold's line and sets {@code reserve} bytes aside; the caller has seen to the room. */
  void open(String requestId, List<String> leaseIds, byte[] line, int reserve) {
    SpoolLog.Place place = log.append(LineType.HOLD, line);
    place.segment().addOpenHolds(1);
    log.reserve(reserve);
    leases.onHeld(leaseIds);
    byRequest.put(requestId, new Hold(leaseIds, reserve, place));
  }

  /** Whether there is anything new in how far an exchange has come; it may be settled. */
  boolean isNews(Progress progress) {
    Hold hold = byRequest.get(progress.requestId());
    return hold != null
        && (progress.outputTokens() > hold.outputTokens || progress.amount() > hold.amount);
  }

  /** Writes down how far an open exchange has come; the caller has seen to the room. */
  void advance(Progress progress, byte[] line) {
    Hold hold = byRequest.get(progress.requestId());
    if (hold == null) {
      throw new IllegalStateException("request " + progress.requestId() + " was settled before");
    }
    log.append(LineType.PROGRESS, line);
    hold.outputTokens = Math.max(hold.outputTokens, progress.outputTokens());
    hold.amount = Math.max(hold.amount, progress.amount());
  }

  /**
   * Ends a hold and frees the room that was set aside for the line that ends it.
   *
   * @throws IllegalStateException if somebody else has ended it
   */
  void end(String requestId, Hold hold) {
    if (!byRequest.remove(requestId, hold)) {
      throw new IllegalStateException("request " + requestId + " was settled before");
    }
    log.reserve(-hold.reserved);
    hold.place.segment().addOpenHolds(-1);
    leases.onReleased(hold.leaseIds);
  }

  /** A copy stands where a segment stood; the lines keep their offsets. */
  void onReplaced(Segment failed, Segment copy) {
    for (Hold hold : byRequest.values()) {
      if (hold.place.segment() == failed) {
        hold.place = new SpoolLog.Place(copy, hold.place.offset());
      }
    }
  }

  /** The requests whose lines stand in a segment, at most so many of them. */
  List<String> in(Segment segment, int limit) {
    List<String> found = new ArrayList<>();
    for (Map.Entry<String, Hold> entry : byRequest.entrySet()) {
      if (found.size() == limit) {
        break;
      }
      if (entry.getValue().place.segment() == segment) {
        found.add(entry.getKey());
      }
    }
    return found;
  }

  /**
   * Writes a hold's line anew, at the end of the log; false if it has ended or there is no room.
   */
  boolean move(String requestId) {
    Hold hold = byRequest.get(requestId);
    if (hold == null) {
      return false;
    }
    byte[] line = hold.place.segment().payloadAt(hold.place.offset());
    byte[] progress = codec.progress(new Progress(requestId, hold.outputTokens, hold.amount));
    if (!log.hasRoom((long) Segment.sizeOf(line) + Segment.sizeOf(progress))) {
      return false;
    }
    hold.place.segment().addOpenHolds(-1);
    hold.place = log.append(LineType.HOLD, line);
    hold.place.segment().addOpenHolds(1);
    log.append(LineType.PROGRESS, progress);
    return true;
  }
}
