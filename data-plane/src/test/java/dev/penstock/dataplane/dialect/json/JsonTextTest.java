package dev.penstock.dataplane.dialect.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class JsonTextTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Property
  void isReadBackAsItWas(@ForAll String text) throws IOException {
    assertThat(JSON.readValue(JsonText.quoted(text), String.class)).isEqualTo(text);
  }

  @Test
  void keepsHalvesOfACharacterApartSoThatTheyCanBeJoined() throws IOException {
    String first = JSON.readValue(JsonText.quoted("a\ud83d"), String.class);
    String second = JSON.readValue(JsonText.quoted("\ude42b"), String.class);

    assertThat(first + second).isEqualTo("a\ud83d\ude42b");
  }

  @Test
  void writesWholeCharactersAsTheyAre() {
    assertThat(new String(JsonText.quoted("é€\ud83d\ude42\"\\\n\u0001"), StandardCharsets.UTF_8))
        .isEqualTo("\"é€\ud83d\ude42\\\"\\\\\\n\\u0001\"");
  }

  @Test
  void aBodyIsValidUtf8WhateverItHolds() throws IOException {
    Buffer body = JsonBody.of(json -> json.writeStringField("text", "half: \ud83d"));

    assertThat(JSON.readTree(body.getBytes()).path("text").textValue()).isEqualTo("half: ?");
  }
}
