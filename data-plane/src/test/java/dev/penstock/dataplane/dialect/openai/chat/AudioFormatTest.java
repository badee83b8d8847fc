package dev.penstock.dataplane.dialect.openai.chat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AudioFormatTest {

  @ParameterizedTest
  @CsvSource({
    "'RIFF\u0024\u0008\u0000\u0000WAVEfmt ', wav",
    "'ID3\u0004\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000', mp3",
    "'\u00ff\u00fb\u0090\u0064\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000', mp3",
    "'\u00ff\u00f3\u0090\u0064\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000', mp3",
    "'\u00ff\u00f1\u0050\u0080\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000', ''",
    "'RIFF\u0024\u0008\u0000\u0000AVI LIST', ''",
    "'OggS\u0000\u0002\u0000\u0000\u0000\u0000\u0000\u0000', ''",
    "'fLaC\u0000\u0000\u0000\u0023\u0010\u0000\u0010\u0000', ''"
  })
  void findsTheFormatByTheFirstBytes(String head, String format) {
    String base64 = Base64.getEncoder().encodeToString(head.getBytes(ISO_8859_1));

    assertThat(AudioFormat.of(base64)).isEqualTo(format);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "UklGRiQIAABXQVZ",
        "https://a.example/speech.wav",
        "data:audio/wav;base64,UklG"
      })
  void saysNothingOfWhatIsNoBase64(String text) {
    assertThat(AudioFormat.of(text)).isEmpty();
  }
}
