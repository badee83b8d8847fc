package dev.penstock.kernel.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeyTest {

  private static final SecureRandom RANDOM = new SecureRandom();

  @Test
  void hasTheFormThatScannersLookFor() {
    ApiKey key = ApiKey.mint("live", RANDOM);

    assertThat(key.text()).matches("pens_live_[0-9A-Za-z]{10}_[0-9A-Za-z]{32}_[0-9A-Za-z]{6}");
    assertThat(key.text()).contains("_" + key.id() + "_");
    assertThat(ApiKey.parse(key.text())).contains(key);
  }

  @Property(tries = 300)
  void everyChangedCharacterIsNoticed(@ForAll @IntRange(min = 0, max = 60) int at) {
    String text = ApiKey.mint("dev", RANDOM).text();
    int index = at % text.length();
    char other = text.charAt(index) == 'x' ? 'y' : 'x';

    String changed = text.substring(0, index) + other + text.substring(index + 1);

    assertThat(ApiKey.parse(changed)).isEmpty();
  }

  @Property
  void anyTextIsJudgedWithoutFailing(@ForAll String text) {
    assertThat(ApiKey.parse(text)).isEmpty();
    assertThat(ApiKey.parse("pens_" + text)).isEmpty();
  }

  @Property(tries = 300)
  void everyForeignCharacterIsNoticed(
      @ForAll @IntRange(min = 0, max = 57) int at,
      @ForAll @IntRange(min = 0x80, max = 0x10FFFF) int codePoint) {
    String text = ApiKey.mint("dev", RANDOM).text();

    String swapped = text.substring(0, at) + Character.toString(codePoint) + text.substring(at + 1);
    String doubled = text.substring(0, at) + Character.toString(codePoint) + text.substring(at + 2);

    assertThat(ApiKey.parse(swapped)).isEmpty();
    assertThat(ApiKey.parse(doubled)).isEmpty();
  }

  @Property
  void anyIdIsJudgedWithoutFailing(@ForAll String id) {
    assertThat(ApiKey.numberOf(id).isPresent()).isEqualTo(id.matches("[0-9A-Za-z]{10}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "012345678", "01234567890", "01234567\uD83D\uDE00", "012345678\uD83D\uDE00"})
  void noKeyHasSuchAnId(String id) {
    assertThat(ApiKey.numberOf(id)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "LIVE", "a_b", "aaaaaaaaaaaaaaaaa", "é"})
  void refusesAnEnvironmentThatWouldNotParse(String env) {
    assertThatThrownBy(() -> ApiKey.mint(env, RANDOM)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void hidesItsSecret() {
    ApiKey key = ApiKey.mint("live", RANDOM);

    assertThat(key).hasToString("ApiKey[" + key.id() + "]");
  }

  /** Against the platform's own, as the keys that are stored were hashed with that. */
  @Property(tries = 100)
  void isHashedAsTheStandardSays(@ForAll @Size(32) byte[] pepper) throws GeneralSecurityException {
    ApiKey key = ApiKey.mint("live", RANDOM);
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(pepper, "HmacSHA256"));
    byte[] expected = mac.doFinal(key.text().getBytes(StandardCharsets.US_ASCII));

    KeyHash hash = new KeyHash(pepper);

    assertThat(hash.of(key)).isEqualTo(expected);
    assertThat(hash.of(key)).isEqualTo(expected);
  }

  @Test
  void isMatchedUnderItsPepperOnly() {
    ApiKey key = ApiKey.mint("live", RANDOM);
    byte[] pepper = new byte[32];
    byte[] otherPepper = new byte[32];
    otherPepper[0] = 1;
    byte[] hash = new KeyHash(pepper).of(key);

    assertThat(new KeyHash(pepper).matches(key, hash)).isTrue();
    assertThat(new KeyHash(otherPepper).matches(key, hash)).isFalse();
    assertThat(new KeyHash(pepper).matches(ApiKey.mint("live", RANDOM), hash)).isFalse();
  }
}
