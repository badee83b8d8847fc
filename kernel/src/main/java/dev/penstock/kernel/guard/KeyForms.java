package dev.penstock.kernel.guard;

/** Forms of credentials that are made of parts: private keys in PEM and JSON Web Tokens. */
final class KeyForms {

  private static final String PEM_BEGIN = "-----BEGIN ";
  private static final String PEM_END = "-----END ";
  private static final String PEM_DASHES = "-----";
  private static final String PEM_LABEL = "PRIVATE KEY";
  private static final AsciiSet LABEL = AsciiSet.of("A-Z0-9 ");
  private static final AsciiSet BEFORE_BODY = AsciiSet.of("0-9A-Za-z+/\\\"' \t\r\n");
  private static final int MAX_LABEL = 40;

  /** An RSA key of 16,384 bits, the longest that OpenSSL makes, has 12,700. */
  static final int MAX_PEM = 16_384;

  private static final String OBJECT = "eyJ"; // {" in Base64
  private static final int MIN_JWT_PART = 16;

  /** As much as servers take in all of a request's headers. */
  static final int MAX_JWT_PART = 8_192;

  private KeyForms() {}

  /**
   * A private key in PEM (RFC 7468; RFC 9580 for those of PGP), down to the line in which it ends.
   * One without that line is still a key, as far as the longest goes. Where nothing follows its
   * first line, the words are only talked about.
   */
  static int privateKey(String text, int at, boolean last) {
    int label = Form.word(PEM_BEGIN, text, at, last);
    int dashes = label < 0 ? label : Form.run(LABEL, text, label, MAX_LABEL, last);
    int body = dashes < 0 ? dashes : Form.word(PEM_DASHES, text, dashes, last);
    if (body < 0) {
      return body;
    }
    if (!text.substring(label, dashes).contains(PEM_LABEL)) {
      return Form.NONE;
    }
    if (body == text.length()) {
      return Form.cutOff(last);
    }
    return BEFORE_BODY.has(text.charAt(body)) ? endOfKey(text, body, last) : Form.NONE;
  }

  private static int endOfKey(String text, int body, boolean last) {
    int bound = body + MAX_PEM;
    int end = text.indexOf(PEM_END, body, Math.min(text.length(), bound));
    if (end < 0) {
      return upTo(bound, text, last);
    }
    int label = end + PEM_END.length();
    bound = label + MAX_LABEL + PEM_DASHES.length();
    int dashes = text.indexOf(PEM_DASHES, label, Math.min(text.length(), bound));
    return dashes < 0 ? upTo(bound, text, last) : dashes + PEM_DASHES.length();
  }

  private static int upTo(int bound, String text, boolean last) {
    if (bound <= text.length()) {
      return bound;
    }
    return last ? text.length() : Form.OPEN;
  }

  /**
   * A JSON Web Token (RFC 7519): three parts in base64url with dots between, of which the first two
   * are JSON objects.
   */
  static int jwt(String text, int at, boolean last) {
    if (hasLaterBeginning(text, at)) {
      return Form.NONE;
    }
    int header = object(text, at, last);
    int dot = header < 0 ? header : Form.word(".", text, header, last);
    int claims = dot < 0 ? dot : object(text, dot, last);
    int rest = claims < 0 ? claims : Form.word(".", text, claims, last);
    int end = rest < 0 ? rest : Form.run(AsciiSet.BASE64_URL, text, rest, MAX_JWT_PART, last);
    return end >= 0 && end - rest < MIN_JWT_PART ? Form.NONE : end;
  }

  private static int object(String text, int at, boolean last) {
    int begun = Form.word(OBJECT, text, at, last);
    int end = begun < 0 ? begun : Form.run(AsciiSet.BASE64_URL, text, begun, MAX_JWT_PART, last);
    return end >= 0 && end - at < MIN_JWT_PART ? Form.NONE : end;
  }

  /**
   * Whether a token may begin later in the same run, after a hyphen or an underscore; then that one
   * counts, so that however many may begin in a run, it is gone through once.
   */
  private static boolean hasLaterBeginning(String text, int start) {
    int limit = Math.min(text.length(), start + MAX_JWT_PART);
    for (int at = start; at < limit && AsciiSet.BASE64_URL.has(text.charAt(at)); at++) {
      if (at > start && text.startsWith(OBJECT, at) && Words.opensAt(text, at)) {
        return true;
      }
    }
    return false;
  }
}
