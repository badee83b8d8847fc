package dev.penstock.kernel.guard;

import dev.penstock.kernel.apikey.ApiKey;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.zip.CRC32;

/**
 * Credentials that can be told by their form. Each form's source is the issuer's documentation of
 * its keys; where that says less than a scanner needs, the rules that gitleaks and the issuers'
 * partners in GitHub's secret scanning programme use. Forms with a checksum count only if it holds.
 */
final class SecretScan {

  private static final AsciiSet SEPARATOR = AsciiSet.of(" \t\"'=:>,");
  private static final AsciiSet BECH32 = AsciiSet.of("02-9AC-HJ-NP-Z");
  private static final AsciiSet SLACK_PATH = AsciiSet.of("0-9A-Za-z+/");
  private static final String BASE62 =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int CRC_LENGTH = 6;

  /** Where a token may be longer than any that is known. */
  private static final int MOST = 255;

  private final List<FormScan.Kind> kinds = new ArrayList<>();

  private SecretScan() {}

  static TextScan create() {
    SecretScan forms = new SecretScan();
    forms.clouds();
    forms.forges();
    forms.services();
    forms.providers();
    forms.others();
    return new FormScan(forms.kinds);
  }

  /** AWS, Azure, DigitalOcean, Google. */
  private void clouds() {
    for (String prefix : List.of("AKIA", "ASIA", "ABIA", "ACCA")) {
      add("aws-access-key", "A", TokenForm.of(prefix).run(AsciiSet.UPPER, 16));
    }
    // Forty characters of Base64 may be anything: they count only where they are called so.
    for (String name : List.of("aws_secret_access_key", "SecretAccessKey")) {
      add(
          "aws-secret-key",
          "AaSs",
          TokenForm.ofAnyCase(name).run(SEPARATOR, 1, 8).found().run(AsciiSet.BASE64, 40));
    }
    add(
        "azure-storage-key",
        "Aa",
        TokenForm.ofAnyCase("AccountKey=").found().run(AsciiSet.BASE64, 86, 86).word("=="));
    for (String prefix : List.of("dop_v1_", "doo_v1_", "dor_v1_")) {
      add("digitalocean-token", "d", TokenForm.of(prefix).run(AsciiSet.HEX, 64));
    }
    add("google-api-key", "A", TokenForm.of("AIza").run(AsciiSet.BASE64_URL, 35));
    add("google-oauth-secret", "G", TokenForm.of("GOCSPX-").run(AsciiSet.BASE64_URL, 28));
    add("google-oauth-token", "y", TokenForm.of("ya29.").run(AsciiSet.BASE64_URL, 20, 2_048));
  }

  /** GitHub, GitLab; the registries npm, PyPI and Docker Hub. */
  private void forges() {
    for (String prefix : List.of("ghp_", "gho_", "ghu_", "ghs_")) {
      add("github-token", "g", TokenForm.of(prefix).run(AsciiSet.BASE62, 36).checked(crcHolds(4)));
    }
    add("github-token", "g", TokenForm.of("ghr_").run(AsciiSet.BASE62, 36, MOST));
    // Tokens of installations since 2025: a JSON Web Token behind the prefix.
    add(
        "github-token",
        "g",
        TokenForm.of("ghs_").run(AsciiSet.of("0-9A-Za-z_.-"), 100, 2 * KeyForms.MAX_JWT_PART));
    add("github-token", "g", TokenForm.of("github_pat_").run(AsciiSet.BASE64_URL, 29, MOST));
    for (String prefix :
        List.of("glpat-", "gldt-", "glptt-", "glrt-", "glsoat-", "glagent-", "gloas-")) {
      add("gitlab-token", "g", TokenForm.of(prefix).run(AsciiSet.BASE64_URL, 20, 300));
    }
    add("npm-token", "n", TokenForm.of("npm_").run(AsciiSet.BASE62, 36).checked(crcHolds(4)));
    // A macaroon's beginning, with the location pypi.org or test.pypi.org.
    for (String prefix : List.of("pypi-AgEIcHlwaS5vcmc", "pypi-AgENdGVzdC5weXBpLm9yZw")) {
      add("pypi-token", "p", TokenForm.of(prefix).run(AsciiSet.BASE64_URL, 50, 1_024));
    }
    add("docker-token", "d", TokenForm.of("dckr_pat_").run(AsciiSet.BASE64_URL, 27, MOST));
  }

  /** Stripe, Slack, SendGrid, Twilio, Vault. */
  private void services() {
    for (String prefix : List.of("sk_live_", "rk_live_")) {
      add("stripe-key", "sr", TokenForm.of(prefix).run(AsciiSet.BASE62, 16, MOST));
    }
    for (char kind : "abeoprs".toCharArray()) {
      add("slack-token", "x", TokenForm.of("xox" + kind + "-").run(AsciiSet.BASE64_URL, 10, MOST));
    }
    add("slack-token", "x", TokenForm.of("xapp-").run(AsciiSet.BASE64_URL, 10, MOST));
    for (String kind : List.of("services/", "workflows/", "triggers/")) {
      add(
          "slack-webhook",
          "h",
          TokenForm.of("https://hooks.slack.com/" + kind).run(SLACK_PATH, 40, MOST));
    }
    add(
        "sendgrid-key",
        "S",
        TokenForm.of("SG.").run(AsciiSet.BASE64_URL, 22).word(".").run(AsciiSet.BASE64_URL, 43));
    add("twilio-key", "S", TokenForm.of("SK").run(AsciiSet.HEX, 32));
    for (String prefix : List.of("hvs.", "hvb.")) {
      add("vault-token", "h", TokenForm.of(prefix).run(AsciiSet.BASE64_URL, 24, MOST));
    }
  }

  /** Those who serve models. */
  private void providers() {
    for (String prefix : List.of("sk-ant-", "sk-proj-", "sk-svcacct-", "sk-admin-")) {
      add("provider-api-key", "s", TokenForm.of(prefix).run(AsciiSet.BASE64_URL, 20, MOST));
    }
    // OpenAI's older keys: in their middle stands "OpenAI" in Base64.
    add(
        "provider-api-key",
        "s",
        TokenForm.of("sk-").run(AsciiSet.BASE62, 20).word("T3BlbkFJ").run(AsciiSet.BASE62, 20));
    add("provider-api-key", "s", TokenForm.of("sk-or-v1-").run(AsciiSet.HEX, 64));
    add("provider-api-key", "g", TokenForm.of("gsk_").run(AsciiSet.BASE62, 52));
    add("provider-api-key", "x", TokenForm.of("xai-").run(AsciiSet.BASE62, 80));
    add("provider-api-key", "p", TokenForm.of("pplx-").run(AsciiSet.BASE62, 48));
    // Mistral's have no form of their own.
    add(
        "provider-api-key",
        "Mm",
        TokenForm.ofAnyCase("MISTRAL_API_KEY")
            .run(SEPARATOR, 1, 8)
            .found()
            .run(AsciiSet.BASE62, 32));
    add("hugging-face-token", "h", TokenForm.of("hf_").run(AsciiSet.BASE62, 34));
    add(
        "penstock-api-key",
        "p",
        TokenForm.of("pens_")
            .run(AsciiSet.of("0-9a-z"), 1, 16)
            .word("_")
            .run(AsciiSet.BASE62, 10, 10)
            .word("_")
            .run(AsciiSet.BASE62, 32, 32)
            .word("_")
            .run(AsciiSet.BASE62, 6)
            .checked(key -> ApiKey.parse(key).isPresent()));
  }

  /** Forms that are standards, not an issuer's. */
  private void others() {
    add("jwt", "e", KeyForms::jwt);
    add("private-key", "-", KeyForms::privateKey);
    add("age-secret-key", "A", TokenForm.of("AGE-SECRET-KEY-1").run(BECH32, 58));
  }

  private void add(String rule, String firsts, Form form) {
    kinds.add(new FormScan.Kind(Rule.ofSecret(rule), AsciiSet.of(firsts), form));
  }

  /**
   * GitHub's checksum, which npm took over: the last six characters are the CRC-32 of those between
   * them and the prefix, in base62 ("Behind GitHub's new authentication token formats", 2021).
   */
  private static Predicate<String> crcHolds(int prefix) {
    return token -> {
      int checksum = token.length() - CRC_LENGTH;
      CRC32 crc = new CRC32();
      for (int i = prefix; i < checksum; i++) {
        crc.update(token.charAt(i));
      }
      long stated = 0;
      for (int i = checksum; i < token.length(); i++) {
        stated = stated * BASE62.length() + BASE62.indexOf(token.charAt(i));
      }
      return stated == crc.getValue();
    };
  }
}
