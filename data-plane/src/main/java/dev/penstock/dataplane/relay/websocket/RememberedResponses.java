package dev.penstock.dataplane.relay.websocket;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The newest response of each lane of each connection of an event loop, so that a turn can go on
 * from it whether its provider keeps anything or not. In memory only, and within limits: what does
 * not fit is forgotten, the oldest first, and a connection takes no more than its own share. Holds
 * prompts and answers. Owned by its event loop.
 */
public final class RememberedResponses {

  /** Of all connections of the event loop. */
  static final int MAX_BYTES = 64 << 20;

  /** Of one connection. */
  static final int MAX_CONNECTION_BYTES = 2 << 20;

  /** Which lane of which connection; each connection is itself. */
  private record Lane(Connection connection, String name) {}

  private record Remembered(String id, Buffer items) {}

  private final Map<Lane, Remembered> newest = new LinkedHashMap<>();
  private final int maxBytes;
  private final int maxConnectionBytes;
  private long bytes;

  public RememberedResponses() {
    this(MAX_BYTES, MAX_CONNECTION_BYTES);
  }

  RememberedResponses(int maxBytes, int maxConnectionBytes) {
    this.maxBytes = maxBytes;
    this.maxConnectionBytes = maxConnectionBytes;
  }

  Connection connect() {
    return new Connection();
  }

  long bytes() {
    return bytes;
  }

  private void put(Lane lane, Remembered response) {
    while (bytes + response.items().length() > maxBytes && !newest.isEmpty()) {
      remove(newest.keySet().iterator().next());
    }
    newest.put(lane, response);
    bytes += response.items().length();
    lane.connection().bytes += response.items().length();
  }

  private void remove(Lane lane) {
    Remembered removed = newest.remove(lane);
    if (removed != null) {
      bytes -= removed.items().length();
      lane.connection().bytes -= removed.items().length();
      lane.connection().lanes.remove(lane);
    }
  }

  /** What is remembered of one connection. */
  final class Connection {

    private final Deque<Lane> lanes = new ArrayDeque<>(); // the oldest first
    private int bytes;

    /** Whether so many bytes can be remembered at all. */
    boolean fits(int size) {
      return size <= Math.min(maxConnectionBytes, maxBytes);
    }

    /** The whole conversation up to a response of any lane, as items without brackets. */
    Optional<Buffer> find(String id) {
      return lanes.stream()
          .map(newest::get)
          .filter(response -> response != null && response.id().equals(id))
          .map(Remembered::items)
          .findFirst();
    }

    /** Remembers a lane's newest response in place of the one before. */
    void keep(String lane, String id, Buffer items) {
      Lane at = new Lane(this, lane);
      remove(at);
      if (!fits(items.length())) {
        return;
      }
      while (bytes + items.length() > maxConnectionBytes) {
        remove(lanes.getFirst());
      }
      lanes.add(at);
      put(at, new Remembered(id, items));
    }

    /** What a lane said last can no longer be gone on from. */
    void forgetLane(String lane) {
      remove(new Lane(this, lane));
    }

    void forget(String id) {
      lanes.stream()
          .filter(lane -> {
            Remembered response = newest.get(lane);
            return response != null && response.id().equals(id);
          })
          .toList()
          .forEach(RememberedResponses.this::remove);
    }

    /** The connection is no more. */
    void close() {
      lanes.stream().toList().forEach(RememberedResponses.this::remove);
    }
  }
}
