package dev.penstock.controlplane.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AlertSignatureTest {

  /**
   * The example of Standard Webhooks' own libraries (standard-webhooks, tests of every language).
   */
  @Test
  void signsAsTheStandardSays() {
    AlertSignature signature = AlertSignature.of(utf8("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));

    assertThat(
            signature.sign(
                "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, utf8("{\"test\": 2432232314}")))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void takesAnyTextForAKey() {
    String signed = AlertSignature.of(utf8("canary")).sign("a", 1, utf8("{}"));

    assertThat(signed).startsWith("v1,").hasSize(47);
    assertThat(AlertSignature.of(utf8("other")).sign("a", 1, utf8("{}"))).isNotEqualTo(signed);
    assertThat(AlertSignature.of(utf8("canary")).sign("b", 1, utf8("{}"))).isNotEqualTo(signed);
    assertThat(AlertSignature.of(utf8("canary")).sign("a", 2, utf8("{}"))).isNotEqualTo(signed);
  }

  @Test
  void signsUnderSomethingWhateverTheTextIs() {
    assertThat(AlertSignature.of(utf8("whsec_")).sign("a", 1, utf8("{}"))).startsWith("v1,");
    assertThat(AlertSignature.of(utf8("whsec_?")).sign("a", 1, utf8("{}")))
        .startsWith("v1,")
        .isNotEqualTo(AlertSignature.of(utf8("whsec_")).sign("a", 1, utf8("{}")));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
