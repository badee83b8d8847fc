package dev.penstock.dataplane;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a connection has to say first. */
class FirstBytesTest {

  private final NodeTester node = NodeTester.impatient();

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    node.close();
  }

  @Test
  void closesAConnectionWhoseHeadersNeverEnd() throws Exception {
    try (Socket client = new Socket("127.0.0.1", node.port)) {
      client.setSoTimeout(5_000);
      client
          .getOutputStream()
          .write("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n".getBytes(US_ASCII));

      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void speaksNoHttp2InTheClear() throws Exception {
    try (Socket client = new Socket("127.0.0.1", node.port)) {
      client.setSoTimeout(5_000);
      client.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));

      assertThat(new String(client.getInputStream().readNBytes(5), US_ASCII)).isEqualTo("HTTP/");
    }
  }
}
