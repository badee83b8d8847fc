package dev.penstock.dataplane.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkedReaderTest {

  private static final String HEAD = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  private static final String CHUNKS =
      "6\r\ndata: \r\n5;note=x\r\n1\r\n\r\n\r\n0012\r\ndata: a longer one\r\n";
  private static final String END = "0\r\nX-Sum: x\r\n\r\n";
  private static final String BODY = "data: 1\r\n\r\ndata: a longer one";

  /** A connection whose responses are claimed, or not. */
  private static final class Connection implements ChunkedReader.Body {
    private final StringBuilder body = new StringBuilder();
    private final List<String> fromCodec = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel(new HttpClientCodec());
    private final ChunkedReader reader = ChunkedReader.in(channel.pipeline());
    private int parts;
    private int completedReads;
    private int asked;

    Connection(boolean claims) {
      channel
          .pipeline()
          .addFirst(
              new ChannelOutboundHandlerAdapter() {
                @Override
                public void read(ChannelHandlerContext context) {
                  asked++;
                  context.read();
                }
              });
      channel
          .pipeline()
          .addLast(
              new SimpleChannelInboundHandler<HttpObject>() {
                @Override
                protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
                  onMessage(message, claims);
                }
              });
      ask();
    }

    private void onMessage(HttpObject message, boolean claims) {
      if (message instanceof HttpResponse head) {
        if (head.status().code() == 200) {
          fromCodec.add(claims && reader.claim(this) ? "claimed" : "head");
        }
      } else if (message instanceof LastHttpContent last) {
        fromCodec.add("end " + last.trailingHeaders().get("X-Sum", ""));
      } else if (message instanceof HttpContent part) {
        fromCodec.add("content");
        onRead(part.content());
      }
    }

    void ask() {
      reader.expectHead();
      channel.writeOutbound(new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/"));
      channel.releaseOutbound();
    }

    Connection gets(String bytes) {
      channel.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.UTF_8));
      return this;
    }

    @Override
    public void onRead(ByteBuf part) {
      parts++;
      body.append(part.toString(StandardCharsets.UTF_8));
    }

    @Override
    public void onReadComplete() {
      completedReads++;
    }
  }

  @Test
  void readsTheChunksWhereverTheNetworkCutsThem() {
    String all = HEAD + CHUNKS + END;
    for (int one = 0; one <= all.length(); one++) {
      for (int two = one; two <= all.length(); two += 7) {
        Connection connection = new Connection(true);

        connection
            .gets(all.substring(0, one))
            .gets(all.substring(one, two))
            .gets(all.substring(two));

        assertThat(connection.body).as("cut at %d and %d", one, two).hasToString(BODY);
        assertThat(connection.fromCodec).containsExactly("claimed", "end x");
      }
    }
  }

  @Test
  void passesTheChunksOfOneReadInOnePiece() {
    Connection connection = new Connection(true).gets(HEAD).gets(CHUNKS + "3\r\nabc");

    assertThat(connection.body).hasToString(BODY + "abc");
    assertThat(connection.parts).isEqualTo(1);

    connection.gets("\r\n" + CHUNKS + END);

    assertThat(connection.body).hasToString(BODY + "abc" + BODY);
    assertThat(connection.parts).isEqualTo(2);
  }

  @Test
  void carriesOneCallAfterTheOther() {
    Connection connection = new Connection(true);
    connection.gets(HEAD + CHUNKS + END).ask();

    connection.gets(HEAD + CHUNKS).gets(END);

    assertThat(connection.body).hasToString(BODY + BODY);
    assertThat(connection.fromCodec).containsExactly("claimed", "end x", "claimed", "end x");
    assertThat(connection.channel.isOpen()).isTrue();
  }

  @Test
  void leavesAResponseThatIsNotClaimedToTheCodec() {
    Connection connection = new Connection(false);

    connection.gets(HEAD + CHUNKS + END);

    assertThat(connection.body).hasToString(BODY);
    assertThat(connection.fromCodec).startsWith("head", "content").endsWith("end x");
    assertThat(connection.completedReads).isZero();
  }

  @Test
  void waitsForTheFinalHead() {
    Connection connection = new Connection(true);

    connection.gets("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + HEAD + CHUNKS + END);

    assertThat(connection.body).hasToString(BODY);
    assertThat(connection.fromCodec).contains("claimed");
  }

  @Test
  void tellsWhenAReadIsOver() {
    Connection connection = new Connection(true).gets(HEAD);
    int before = connection.completedReads;

    connection.gets("1\r\na\r\n1\r\nb\r\n").gets("1\r\nc\r\n");

    assertThat(connection.completedReads - before).isEqualTo(2);
  }

  @Test
  void readsOnAfterThePauseOfAStreamThatEnded() {
    Connection connection = new Connection(true).gets(HEAD + CHUNKS);
    connection.reader.pause();

    connection.gets(END);

    assertThat(connection.channel.config().isAutoRead()).isTrue();
  }

  @Test
  void asksForEachReadOfABodyAndForNoneWhilePaused() {
    Connection connection = new Connection(true).gets(HEAD);
    int before = connection.asked;

    connection.gets("1\r\na\r\n").gets("1\r\nb\r\n");
    assertThat(connection.asked - before).isEqualTo(2);

    connection.reader.pause();
    connection.gets("1\r\nc\r\n");
    assertThat(connection.asked - before).isEqualTo(2);

    connection.reader.resume();
    assertThat(connection.asked - before).isEqualTo(3);
    assertThat(connection.channel.config().isAutoRead()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x\r\n", "\r\n", "123456789\r\n", "1\r\nabc"})
  void closesTheConnectionWhereChunksAreBroken(String broken) {
    Connection connection = new Connection(true);

    connection.gets(HEAD + broken);

    assertThat(connection.channel.isOpen()).isFalse();
  }

  @Test
  void closesTheConnectionWhereASizeHasNoEnd() {
    Connection connection = new Connection(true);

    connection.gets(HEAD + "1" + " ".repeat(2_000));

    assertThat(connection.channel.isOpen()).isFalse();
  }
}
