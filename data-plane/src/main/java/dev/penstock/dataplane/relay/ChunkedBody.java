package dev.penstock.dataplane.relay;

import dev.penstock.dataplane.buffer.LentBuffer;
import dev.penstock.dataplane.relay.sse.EventBatch;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.util.concurrent.FastThreadLocal;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The chunks of a response whose head has left (RFC 9112, section 7.1), written below the HTTP
 * encoder: one buffer for what one read brought, instead of a future, a queue and three buffers for
 * each chunk. Head and end stay with Vert.x, and every byte is in the channel's one queue, in
 * order. Owned by the connection's event loop.
 */
final class ChunkedBody extends ChannelInboundHandlerAdapter {

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final int CRLF = '\r' << 8 | '\n';
  private static final int MAX_FRAMING_BYTES = 8 + 2 + 2;
  private static final int BUFFER_BYTES = 16 << 10;

  /** Most chunks have left, and given it back, before the next one comes. */
  private static final FastThreadLocal<LentBuffer> BUFFER =
      new FastThreadLocal<>() {
        @Override
        protected LentBuffer initialValue() {
          return new LentBuffer(BUFFER_BYTES);
        }
      };

  private final Channel channel;
  private final ChannelHandlerContext encoder;
  private final Runnable onDrained;
  private boolean unflushed;

  private ChunkedBody(Channel channel, ChannelHandlerContext encoder, Runnable onDrained) {
    this.channel = channel;
    this.encoder = encoder;
    this.onDrained = onDrained;
  }

  /**
   * Opens it; empty where the protocol frames bodies otherwise. Nothing that Vert.x has been given
   * may still wait. {@code onDrained} runs whenever there is room again.
   */
  static Optional<ChunkedBody> open(HttpServerRequest request, Runnable onDrained) {
    if (request.version() != HttpVersion.HTTP_1_1
        || !(request.connection() instanceof ConnectionBase connection)) {
      return Optional.empty();
    }
    ChannelHandlerContext vertx = connection.channelHandlerContext();
    ChannelHandlerContext encoder = vertx.pipeline().context(HttpResponseEncoder.class);
    if (encoder == null) {
      return Optional.empty();
    }
    ChunkedBody body = new ChunkedBody(vertx.channel(), encoder, onDrained);
    vertx.pipeline().addBefore(vertx.name(), null, body);
    return Optional.of(body);
  }

  /** Said once and for all, as asking the class costs a look-up for each answer. */
  @Override
  public boolean isSharable() {
    return false;
  }

  /** One chunk of all kept events. A failure closes the connection, as any failure to write. */
  void write(EventBatch batch) {
    int length = batch.keptBytes();
    ByteBuf chunk = begin(length);
    batch.writeKept(chunk);
    end(chunk);
  }

  /** One chunk of whole events. */
  void write(ByteBuf events) {
    ByteBuf chunk = begin(events.readableBytes());
    chunk.writeBytes(events);
    end(chunk);
  }

  private ByteBuf begin(int length) {
    ByteBuf chunk = BUFFER.get().lend(channel.alloc(), length + MAX_FRAMING_BYTES);
    writeSize(chunk, length);
    return chunk;
  }

  private void end(ByteBuf chunk) {
    chunk.writeShort(CRLF);
    encoder.write(chunk, channel.voidPromise());
    unflushed = true;
  }

  private static void writeSize(ByteBuf chunk, int size) {
    int digits = Math.max(1, (35 - Integer.numberOfLeadingZeros(size)) / 4);
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
      chunk.writeByte(HEX[size >>> shift & 0xf]);
    }
    chunk.writeShort(CRLF);
  }

  void flush() {
    if (unflushed) {
      unflushed = false;
      encoder.flush();
    }
  }

  /** Whether more waits in the process than should, although all has been flushed. */
  boolean full() {
    if (channel.isWritable()) {
      return false;
    }
    flush();
    return !channel.isWritable();
  }

  /**
   * Vert.x ends the response, and what has not been flushed leaves with its end; the connection may
   * serve another one. Where the channel is full, Vert.x would wait for room, and nobody flush.
   */
  void close() {
    if (!channel.isWritable()) {
      flush();
    }
    if (channel.isActive()) {
      channel.pipeline().remove(this);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    context.fireChannelWritabilityChanged();
    if (channel.isWritable()) {
      onDrained.run();
    }
  }
}
