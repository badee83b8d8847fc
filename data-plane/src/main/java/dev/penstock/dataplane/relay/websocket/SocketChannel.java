package dev.penstock.dataplane.relay.websocket;

import dev.penstock.dataplane.dialect.Allowance;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.relay.ClientChannel;
import dev.penstock.dataplane.relay.sse.EventBatch;
import dev.penstock.dataplane.relay.sse.EventScanner;
import dev.penstock.dataplane.relay.sse.Unfinished;
import dev.penstock.dataplane.relay.websocket.SocketFrames.Closing;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One exchange on a WebSocket, told in the frames of its client's dialect. */
public final class SocketChannel implements ClientChannel {

  private final SocketSession session;
  private final String requestId;
  private final SocketFrames frames;

  private @Nullable Runnable goneHandler;
  private @Nullable Runnable drainHandler;
  private List<String> dropped = List.of();
  private String providerRequestId = "";
  private long clamped = -1;
  private boolean ended;

  SocketChannel(SocketSession session, String requestId, SocketFrames frames) {
    this.session = session;
    this.requestId = requestId;
    this.frames = frames;
  }

  @Override
  public void named(String idAsJson) {
    frames.named(idAsJson);
  }

  void left() {
    frames.over();
    if (goneHandler != null) {
      goneHandler.run();
    }
  }

  void drained() {
    if (drainHandler != null) {
      drainHandler.run();
    }
  }

  @Override
  public String transport(boolean stream) {
    return "websocket";
  }

  @Override
  public boolean gone() {
    return session.gone();
  }

  @Override
  public void onGone(Runnable handler) {
    goneHandler = handler;
    if (session.gone()) {
      handler.run();
    }
  }

  @Override
  public void beginStream() {
    // frames need no beginning
  }

  @Override
  public void deliver(EventBatch batch) {
    for (int i = 0; i < batch.count(); i++) {
      if (batch.isKept(i) && batch.dataEnd(i) > batch.dataStart(i)) {
        send(frames.event(data(batch, i)));
      }
    }
  }

  private static String data(EventBatch batch, int index) {
    int from = batch.dataStart(index);
    return new String(batch.bytes(), from, batch.dataEnd(index) - from, StandardCharsets.UTF_8);
  }

  private void send(String frame) {
    if (!frame.isEmpty()) {
      session.send(frame);
    }
  }

  @Override
  public void keepAlive() {
    // the session pings its client for all exchanges
  }

  @Override
  public void flush() {
    // every frame is sent at once
  }

  @Override
  public boolean full() {
    return session.queueFull();
  }

  @Override
  public void onDrained(Runnable handler) {
    drainHandler = handler;
  }

  @Override
  public void endStream(Buffer terminal) {
    last(frames.end(terminalData(terminal), closing()));
  }

  private static String terminalData(Buffer terminal) {
    EventBatch event =
        new EventScanner(terminal.length())
            .scan(new Unfinished(), ((BufferInternal) terminal).getByteBuf());
    return event.count() == 0 ? "" : data(event, 0);
  }

  @Override
  public void failStream(Refusal refusal, String id, Buffer events) {
    if (refusal.code() == Code.STALLED_CLIENT) {
      ended = true;
      session.abort();
      return;
    }
    refuse(refusal, id);
  }

  @Override
  public void allowance(Allowance allowance) {
    // the handshake's head is long sent, and frames have no place for it
  }

  @Override
  public void dropped(List<String> fields) {
    dropped = fields;
  }

  @Override
  public void clamped(long maxTokens) {
    clamped = maxTokens;
  }

  @Override
  public void estimated() {
    // no head is left to say it in: every exchange on a WebSocket is a stream
  }

  @Override
  public void providerRequestId(String id) {
    providerRequestId = id;
  }

  @Override
  public void answer(int status, Buffer json) {
    if (status >= 400) {
      last(frames.error(status, json, closing()));
      return;
    }
    List<String> answer = frames.answer(json, closing());
    answer.subList(0, answer.size() - 1).forEach(this::send);
    last(answer.getLast());
  }

  @Override
  public void refuse(Refusal refusal, String id) {
    last(frames.refusal(refusal, closing()));
    switch (refusal.code()) {
      case INVALID_API_KEY, KEY_EXPIRED, KEY_REVOKED ->
          session.leave(SocketSession.POLICY_VIOLATION, refusal.code().text());
      case NODE_DRAINING -> session.leave(SocketSession.GOING_AWAY, refusal.code().text());
      default -> {}
    }
  }

  private Closing closing() {
    return new Closing(requestId, providerRequestId, dropped, clamped);
  }

  private void last(String frame) {
    if (ended) {
      return;
    }
    ended = true;
    send(frame);
    frames.over();
    session.close(this);
  }
}
