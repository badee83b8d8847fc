package dev.penstock.dataplane.relay;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.dataplane.dialect.Codec;
import dev.penstock.dataplane.dialect.Codecs;
import dev.penstock.dataplane.dialect.Dialect;
import dev.penstock.dataplane.dialect.MalformedAnswer;
import dev.penstock.dataplane.dialect.ModelRequest;
import dev.penstock.dataplane.meter.TokenMeter;
import dev.penstock.dataplane.relay.sse.EventScanner;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TranslatedEventsTest {

  private static final byte[] FAILED =
      "{\"status\":\"failed\",\"error\":{\"code\":\"server_error\",\"message\":\"Broke.\"}}"
          .getBytes(StandardCharsets.UTF_8);

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void makesNoAnswerOfOneThatFailed(Dialect client) throws JsonProcessingException {
    Codec provider = codec(Dialect.OPENAI_RESPONSES);
    ModelRequest request =
        provider
            .requests()
            .decode(new ObjectMapper().readTree("{\"model\":\"m\",\"input\":\"hi\"}"));
    TranslatedEvents events =
        new TranslatedEvents(
            provider.fromProvider(),
            codec(client).toClient(request, "answer", Instant.EPOCH),
            new TokenMeter(),
            new EventScanner(1_024));

    assertThatThrownBy(() -> events.whole(FAILED)).isInstanceOf(MalformedAnswer.class);
  }

  private static Codec codec(Dialect dialect) {
    return Objects.requireNonNull(Codecs.all().get(dialect));
  }
}
