package dev.penstock.kernel.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.kernel.apikey.ApiKey;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tokens are put together here, so that scanners of repositories do not take them for real ones.
 */
class SecretScanTest {

  private static final TextScan SCAN = SecretScan.create();
  private static final String DIGITS = "0123456789".repeat(20);
  private static final String HEX = "0123456789abcdef".repeat(8);

  /** An entropy and its checksum that GitHub's users have published. */
  private static final String CHECKED = "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ" + "0mLq17";

  static Stream<String> credentials() {
    return Stream.of(
        "aws-access-key: AKIA" + "IOSFODNN7EXAMPLE",
        "github-token: ghp_" + CHECKED,
        "github-token: ghs_" + CHECKED,
        "github-token: ghr_" + DIGITS.substring(0, 76),
        "github-token: ghs_" + DIGITS.substring(0, 6) + "_eyJ" + DIGITS + ".eyJ" + DIGITS,
        "github-token: github_pat_" + DIGITS.substring(0, 22) + "_" + DIGITS.substring(0, 59),
        "gitlab-token: glpat-" + DIGITS.substring(0, 20),
        "npm-token: npm_" + CHECKED,
        "pypi-token: pypi-AgEIcHlwaS5vcmc" + DIGITS.substring(0, 60),
        "docker-token: dckr_pat_" + DIGITS.substring(0, 27),
        "stripe-key: sk_live_" + DIGITS.substring(0, 24),
        "stripe-key: rk_live_" + DIGITS.substring(0, 99),
        "slack-token: xoxb-123456789012-" + "abcdefghijkl",
        "slack-token: xapp-1-A0123456789-" + DIGITS.substring(0, 13),
        "slack-webhook: https://hooks.slack.com/services/T01234567/B01234567/"
            + DIGITS.substring(0, 24),
        "sendgrid-key: SG." + DIGITS.substring(0, 22) + "." + DIGITS.substring(0, 43),
        "twilio-key: SK" + HEX.substring(0, 32),
        "vault-token: hvs." + DIGITS.substring(0, 24),
        "google-api-key: AIza" + DIGITS.substring(0, 35),
        "google-oauth-secret: GOCSPX-" + DIGITS.substring(0, 28),
        "google-oauth-token: ya29." + DIGITS.substring(0, 60),
        "digitalocean-token: dop_v1_" + HEX.substring(0, 64),
        "provider-api-key: sk-ant-api03-" + DIGITS.substring(0, 93) + "AA",
        "provider-api-key: sk-proj-" + DIGITS.substring(0, 100),
        "provider-api-key: sk-" + DIGITS.substring(0, 20) + "T3BlbkFJ" + DIGITS.substring(0, 20),
        "provider-api-key: sk-or-v1-" + HEX.substring(0, 64),
        "provider-api-key: gsk_" + DIGITS.substring(0, 52),
        "hugging-face-token: hf_" + DIGITS.substring(0, 34),
        "age-secret-key: AGE-SECRET-KEY-1" + "QPZRY9X8GF".repeat(6).substring(0, 58),
        "penstock-api-key: " + ApiKey.mint("live", new SecureRandom()).text(),
        "jwt: eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
        "private-key: -----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
        "private-key: -----BEGIN PGP PRIVATE KEY BLOCK-----\\nlQ\\n-----END PGP PRIVATE KEY BLOCK-----",
        "private-key: -----BEGIN PRIVATE KEY-----\nMIIE and no end");
  }

  @ParameterizedTest
  @MethodSource("credentials")
  void findsCredentials(String finding) {
    String secret = finding.substring(finding.indexOf(": ") + 2);

    assertThat(CutTexts.whole(SCAN, "my key=" + secret)).containsExactly(finding);
    assertThat(CutTexts.whole(SCAN, "0" + secret.substring(1))).isEmpty();
    CutTexts.assertCutsChangeNothing(SCAN, List.of("my key=" + secret + "\nand more"));
  }

  @ParameterizedTest
  @MethodSource("credentials")
  void findsThemAmongOtherText(String finding) {
    String secret = finding.substring(finding.indexOf(": ") + 2);
    boolean ends = !secret.endsWith("no end");

    assertThat(CutTexts.whole(SCAN, "(\"" + secret + "\", 7)"))
        .containsExactly(ends ? finding : finding + "\", 7)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          aws_secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" | aws-secret-key: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
          "SecretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" | aws-secret-key: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
          MISTRAL_API_KEY=0123456789abcdefghijABCDEFGHIJ01 | provider-api-key: 0123456789abcdefghijABCDEFGHIJ01
          wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY |
          """)
  void findsWhatIsKnownByItsNameOnly(String text, String found) {
    assertThat(CutTexts.whole(SCAN, text)).isEqualTo(found == null ? List.of() : List.of(found));
    CutTexts.assertCutsChangeNothing(SCAN, List.of(text));
  }

  @Test
  void findsAzuresKeysByTheirName() {
    String key = DIGITS.substring(0, 86) + "==";

    assertThat(CutTexts.whole(SCAN, "AccountName=acme;AccountKey=" + key + ";EndpointSuffix=x"))
        .containsExactly("azure-storage-key: " + key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ghp_", "gho_", "npm_"})
  void passesOverWhatHasNoChecksum(String prefix) {
    assertThat(CutTexts.whole(SCAN, prefix + CHECKED)).hasSize(1);
    assertThat(CutTexts.whole(SCAN, prefix + "a" + CHECKED.substring(1))).isEmpty();
    assertThat(CutTexts.whole(SCAN, prefix + CHECKED + "x")).isEmpty();
  }

  @Test
  void findsOurOwnKeysByTheirChecksum() {
    String key = ApiKey.mint("live", new SecureRandom()).text();
    char last = key.charAt(key.length() - 1);

    assertThat(CutTexts.whole(SCAN, key.substring(0, key.length() - 1) + (last == '0' ? '1' : '0')))
        .isEmpty();
  }

  @Test
  void takesWhatIsOnlyTalkedAboutForNoKey() {
    assertThat(CutTexts.whole(SCAN, "it begins with `-----BEGIN PRIVATE KEY-----`, and then"))
        .isEmpty();
    assertThat(CutTexts.whole(SCAN, "-----BEGIN CERTIFICATE-----\nMIIE")).isEmpty();
  }

  @Test
  void endsAKeyWithoutAnEndWhereTheLongestWould() {
    String begin = "-----BEGIN PRIVATE KEY-----";
    String text = begin + "A".repeat(2 * KeyForms.MAX_PEM);

    assertThat(CutTexts.whole(SCAN, text))
        .containsExactly("private-key: " + text.substring(0, begin.length() + KeyForms.MAX_PEM));
    assertThat(CutTexts.waiting(SCAN, text)).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "'the key is ', 0",
    "'great ', 0",
    "'see gh', 2",
    "'see gho', 3",
    "'see ghost', 0",
    "'-----BEGIN', 10",
    "'-----BEGIN CERTIFICATE-----', 5",
    "'sk-ant-api03-0123456789012345678901 ', 0",
    "'sk-ant-api03-0123456789012345678901', 35",
    "'eyJhbGciOiJIUzI1NiJ9 ', 0",
    "'ghp_01234567 ', 0",
  })
  void onlyWhatCanStillBeOneWaits(String text, int waiting) {
    assertThat(CutTexts.waiting(SCAN, text)).isEqualTo(waiting);
  }

  /** Whole credentials, beginnings and ends of them, and what surrounds them. */
  @Provide
  Arbitrary<List<String>> pieces() {
    List<String> of = new ArrayList<>();
    of.addAll(List.of(" ", "-", "_", ".", "=", "\n", "x", "0", "é", "-----", "eyJ", "sk-", "A"));
    of.addAll(List.of(DIGITS, "0".repeat(300), "A".repeat(9_000)));
    of.addAll(List.of("aws_secret_access_key", "AccountKey=", "-----END PRIVATE KEY-----"));
    credentials()
        .map(each -> each.substring(each.indexOf(": ") + 2))
        .forEach(each -> {
          of.add(each);
          of.add(each.substring(0, each.length() / 2));
          of.add(each.substring(each.length() / 2));
          of.add(each.substring(0, each.length() - 1));
        });
    return Arbitraries.of(of).list().ofMinSize(1).ofMaxSize(8);
  }

  @Property(tries = 2_000)
  void howATextIsCutChangesNothing(@ForAll("pieces") List<String> pieces) {
    List<String> expected = CutTexts.whole(SCAN, String.join("", pieces));
    assertThat(CutTexts.inPieces(SCAN, pieces)).isEqualTo(expected);
    if (String.join("", pieces).length() < 1_000) {
      CutTexts.assertCutsChangeNothing(SCAN, pieces);
    }
  }
}
