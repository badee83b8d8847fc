package dev.penstock.dataplane.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The body of a streamed answer: chunks straight from the connection, by {@link ChunkedReader},
 * while head, end and the connection itself stay with Vert.x. A body that is framed otherwise (by
 * its length, by the end of the connection) comes from Vert.x as well.
 *
 * <p>Held from its first read on until a {@link Reader} takes it over. Owned by the exchange's
 * event loop.
 */
public final class ProviderStream {

  /** Is told of the body, in order; after an end or a cut comes nothing. */
  public interface Reader {

    /** A part of the body, valid during the call. */
    void onRead(ByteBuf read);

    /** Nothing more has come for the time being. */
    void onReadComplete();

    /** The body is complete. */
    void onEnd();

    /** The connection broke before that. */
    void onCut();
  }

  private enum Ending {
    NONE,
    END,
    CUT
  }

  private final HttpClientResponse response;
  private final ChunkedReader chunkedReader;
  private final Runnable cancel;
  private final Consumer<ProviderStream> onFirstRead;
  private final Runnable onNothing;
  private final ByteBuf held = Unpooled.buffer();
  private boolean chunks;
  private Ending ending = Ending.NONE;
  private @Nullable Reader reader;

  private ProviderStream(
      HttpClientResponse response,
      Runnable cancel,
      Consumer<ProviderStream> onFirstRead,
      Runnable onNothing) {
    this.response = response;
    this.cancel = cancel;
    this.onFirstRead = onFirstRead;
    this.onNothing = onNothing;
    chunkedReader = ChunkedReader.of(response.request().connection());
  }

  /**
   * Takes the body over; to be called as soon as the head is there. Tells of the first read, upon
   * which it holds, or of an end without any.
   */
  static void open(
      HttpClientResponse response,
      Runnable cancel,
      Consumer<ProviderStream> onFirstRead,
      Runnable onNothing) {
    ProviderStream stream = new ProviderStream(response, cancel, onFirstRead, onNothing);
    response.exceptionHandler(failure -> stream.onEnding(Ending.CUT));
    response.endHandler(end -> stream.onEnding(Ending.END));
    response.handler(part -> {
      stream.onRead(((BufferInternal) part).getByteBuf());
      stream.onReadComplete();
    });
    if (isChunked(response)) {
      stream.chunks = stream.chunkedReader.claim(stream.new Chunks());
    } else {
      stream.chunkedReader.leave();
    }
  }

  private static boolean isChunked(HttpClientResponse response) {
    return "chunked".equalsIgnoreCase(response.getHeader("transfer-encoding"));
  }

  private final class Chunks implements ChunkedReader.Body {

    @Override
    public void onRead(ByteBuf part) {
      ProviderStream.this.onRead(part);
    }

    @Override
    public void onReadComplete() {
      ProviderStream.this.onReadComplete();
    }
  }

  private void onRead(ByteBuf read) {
    if (reader != null) {
      reader.onRead(read);
      return;
    }
    boolean first = held.writerIndex() == 0;
    held.writeBytes(read); // no more than what one read brings, as it pauses now
    if (first) {
      pause();
      onFirstRead.accept(this);
    }
  }

  private void onReadComplete() {
    if (reader != null) {
      reader.onReadComplete();
    }
  }

  private void onEnding(Ending how) {
    if (ending != Ending.NONE) {
      return;
    }
    ending = how;
    if (reader != null) {
      tell(reader);
    } else if (held.writerIndex() == 0) {
      onNothing.run();
    }
  }

  private void tell(Reader of) {
    switch (ending) {
      case NONE -> {}
      case END -> of.onEnd();
      case CUT -> of.onCut();
    }
  }

  /** The reader gets what was held, at once, and all that comes once it has resumed the stream. */
  public void readBy(Reader next) {
    reader = next;
    next.onRead(held);
    next.onReadComplete();
    tell(next);
  }

  /** Stops reading from the provider; what has been read already still comes. */
  public void pause() {
    if (chunks) {
      chunkedReader.pause();
    } else {
      response.pause();
    }
  }

  /** Reads on. */
  public void resume() {
    if (ending != Ending.NONE) {
      return; // the connection may carry another call by now
    }
    if (chunks) {
      chunkedReader.resume();
    } else {
      response.resume();
    }
  }

  /** Ends the call, whatever state it is in. */
  public void cancel() {
    cancel.run();
  }
}
