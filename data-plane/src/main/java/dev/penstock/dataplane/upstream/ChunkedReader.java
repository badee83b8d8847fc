package dev.penstock.dataplane.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpClientCodec;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpClientConnection;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads the chunks of a response (RFC 9112, section 7.1) straight from the connection, below the
 * HTTP codec: for events of some 300 bytes, what a codec, a queue and a future cost is more than
 * what is done with them. The head goes to the codec; whoever is told of it may {@link #claim} the
 * body, and the codec next sees the last chunk.
 *
 * <p>While a body is claimed, each read is asked for here, right above the socket, and not by the
 * channel itself, whose asking passes every handler: with one event a read that is a fair part of
 * what the read costs.
 *
 * <p>One for each connection to a provider, owned by its event loop.
 */
final class ChunkedReader extends ChannelInboundHandlerAdapter {

  /** Gets the body. */
  interface Body {

    /** What the chunks of one read hold, or of what is left of it; valid during the call. */
    void onRead(ByteBuf part);

    /** Nothing more has come for the time being. */
    void onReadComplete();
  }

  private enum State {
    /** Everything goes to the codec. */
    OFF,
    /** So it does, but one head at a time. */
    HEAD,
    SIZE,
    EXTENSION,
    DATA,
    DATA_END,
    /** Not chunks; the connection is being closed. */
    BROKEN
  }

  private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] LAST_CHUNK = "0\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int MAX_SIZE_DIGITS = 7;
  private static final int MAX_EXTENSION_BYTES = 1024;

  private final Channel channel;
  private @Nullable ChannelHandlerContext self;
  private boolean paused;
  private State state = State.OFF;
  private @Nullable Body body;
  private boolean headComplete;
  private int headEndMatched;
  private int size;
  private int sizeDigits;
  private int extensionBytes;

  /** Where what has been gathered of this read begins and ends in it. */
  private int gatheredFrom;

  private int gatheredTo;

  private ChunkedReader(Channel channel) {
    this.channel = channel;
  }

  /** That of a connection, which must be HTTP/1.1. */
  static ChunkedReader of(HttpConnection connection) {
    return in(((HttpClientConnection) connection).channelHandlerContext().pipeline());
  }

  static ChunkedReader in(ChannelPipeline pipeline) {
    ChunkedReader reader = pipeline.get(ChunkedReader.class);
    if (reader == null) {
      reader = new ChunkedReader(pipeline.channel());
      pipeline.addBefore(pipeline.context(HttpClientCodec.class).name(), null, reader);
    }
    return reader;
  }

  /** A request is about to be sent whose response may be claimed. */
  void expectHead() {
    state = State.HEAD;
    headEndMatched = 0;
  }

  /** The response is not wanted. */
  void leave() {
    state = State.OFF;
  }

  /**
   * Takes the body of the response whose head is being told of. False where that is too late, and
   * the body comes from the codec.
   */
  boolean claim(Body claimant) {
    if (state != State.HEAD || !headComplete) {
      leave();
      return false;
    }
    body = claimant;
    paused = false;
    channel.config().setAutoRead(false);
    beginChunk();
    return true;
  }

  /** Stops reading for the body; what has been read already still comes. */
  void pause() {
    paused = true;
  }

  /** Reads on for the body. */
  void resume() {
    paused = false;
    askForMore();
  }

  private void askForMore() {
    if (self != null && body != null && !paused) {
      self.read();
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    self = context;
  }

  /** Said once and for all, as asking the class costs a look-up for each connection. */
  @Override
  public boolean isSharable() {
    return false;
  }

  private void beginChunk() {
    state = State.SIZE;
    size = 0;
    sizeDigits = 0;
    extensionBytes = 0;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (state == State.OFF || !(message instanceof ByteBuf read)) {
      context.fireChannelRead(message);
      return;
    }
    gatheredFrom = 0;
    gatheredTo = 0;
    try {
      while (read.isReadable()) {
        switch (state) {
          case OFF -> context.fireChannelRead(read.readRetainedSlice(read.readableBytes()));
          case HEAD -> passHead(context, read);
          case SIZE -> onSizeByte(context, read);
          case EXTENSION -> onExtensionByte(context, read);
          case DATA -> gather(read);
          case DATA_END -> onDataEndByte(read.readByte());
          case BROKEN -> read.skipBytes(read.readableBytes());
        }
      }
      passGathered(read);
    } finally {
      read.release();
    }
  }

  private void passHead(ChannelHandlerContext context, ByteBuf read) {
    int at = read.readerIndex();
    while (at < read.writerIndex() && headEndMatched < HEAD_END.length) {
      byte next = read.getByte(at++);
      headEndMatched = next == HEAD_END[headEndMatched] ? headEndMatched + 1 : next == '\r' ? 1 : 0;
    }
    headComplete = headEndMatched == HEAD_END.length;
    if (headComplete) {
      headEndMatched = 0; // of an interim response, so that another one follows, or of the last
    }
    context.fireChannelRead(read.readRetainedSlice(at - read.readerIndex()));
    headComplete = false;
  }

  private void onSizeByte(ChannelHandlerContext context, ByteBuf read) {
    byte next = read.readByte();
    int digit = Character.digit(next, 16);
    if (digit >= 0) {
      size = size << 4 | digit;
      if (++sizeDigits > MAX_SIZE_DIGITS) {
        breakOff();
      }
    } else if (sizeDigits == 0) {
      breakOff();
    } else if (next == '\n') {
      onSize(context, read);
    } else {
      state = State.EXTENSION;
    }
  }

  /** What follows the size on its line says nothing to us. */
  private void onExtensionByte(ChannelHandlerContext context, ByteBuf read) {
    if (read.readByte() == '\n') {
      onSize(context, read);
    } else if (++extensionBytes > MAX_EXTENSION_BYTES) {
      breakOff();
    }
  }

  private void onSize(ChannelHandlerContext context, ByteBuf read) {
    if (size > 0) {
      state = State.DATA;
      return;
    }
    passGathered(read);
    // The rest is the codec's. The connection may carry the next call, so it has to be read again.
    completeRead();
    body = null;
    leave();
    channel.config().setAutoRead(true);
    context.fireChannelRead(Unpooled.wrappedBuffer(LAST_CHUNK));
  }

  /**
   * What a read brings of several chunks is moved together, over the sizes between them, which have
   * been read: the body gets it in one piece, and pays once for what it does with each.
   */
  private void gather(ByteBuf read) {
    int length = Math.min(size, read.readableBytes());
    int from = read.readerIndex();
    size -= length;
    if (size == 0) {
      state = State.DATA_END;
    }
    if (gatheredTo == gatheredFrom) {
      gatheredFrom = from;
      gatheredTo = from;
    } else {
      read.setBytes(gatheredTo, read, from, length);
    }
    gatheredTo += length;
    read.skipBytes(length);
  }

  private void passGathered(ByteBuf read) {
    if (gatheredTo > gatheredFrom && body != null) {
      body.onRead(read.slice(gatheredFrom, gatheredTo - gatheredFrom));
    }
    gatheredFrom = 0;
    gatheredTo = 0;
  }

  private void onDataEndByte(byte next) {
    if (next == '\n') {
      beginChunk();
    } else if (next != '\r') {
      breakOff();
    }
  }

  private void breakOff() {
    state = State.BROKEN;
    channel.close();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (body == null) {
      context.fireChannelReadComplete();
    } else {
      completeRead();
      askForMore();
    }
  }

  private void completeRead() {
    if (body != null) {
      body.onReadComplete();
    }
  }
}
