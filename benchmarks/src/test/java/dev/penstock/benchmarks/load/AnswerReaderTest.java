package dev.penstock.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AnswerReaderTest {
  private static final String CHUNKED =
      """
      HTTP/1.1 200 OK
      Transfer-Encoding: chunked

      5
      hello
      b;x=1
       beautiful!
      0
      x-trailer: a

      """
          .replace("\n", "\r\n");

  private final AnswerReader reader = new AnswerReader();
  private final StringBuilder body = new StringBuilder();

  @Test
  void readsChunksWhereverTheyAreCut() {
    for (int cut = 0; cut <= CHUNKED.length(); cut++) {
      reader.next();
      body.setLength(0);

      read(CHUNKED.substring(0, cut));
      int stopped = read(CHUNKED.substring(cut));

      assertThat(reader.isComplete()).isTrue();
      assertThat(stopped).isEqualTo(CHUNKED.length() - cut);
      assertThat(reader.status()).isEqualTo(200);
      assertThat(body).hasToString("hello beautiful!");
    }
  }

  @Test
  void stopsAtTheEndOfABodyWithALength() {
    String answer = "HTTP/1.1 429 Too Many Requests\r\ncontent-length: 2\r\n\r\nno";

    assertThat(read(answer + "HTTP/1.1 200 OK")).isEqualTo(answer.length());
    assertThat(reader.status()).isEqualTo(429);
    assertThat(body).hasToString("no");
  }

  @Test
  void takesTheEndOfTheConnectionForTheEndOfABodyWithoutALength() {
    read("HTTP/1.1 200 OK\r\n\r\nwhat");
    assertThat(reader.isComplete()).isFalse();

    reader.closed();

    assertThat(reader.isComplete()).isTrue();
  }

  @Test
  void doesNotTakeTheEndOfTheConnectionForTheEndOfAChunkedBody() {
    read(CHUNKED.substring(0, CHUNKED.length() - 2));

    reader.closed();

    assertThat(reader.isComplete()).isFalse();
  }

  @Test
  void refusesWhatIsNoChunkSize() {
    assertThatThrownBy(() -> read(CHUNKED.replace("\r\n5\r\n", "\r\n!\r\n")))
        .isInstanceOf(IllegalStateException.class);
  }

  private int read(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return reader.read(
        bytes,
        0,
        bytes.length,
        (part, from, to) ->
            body.append(new String(part, from, to - from, StandardCharsets.US_ASCII)));
  }
}
