package dev.penstock.kernel.guard;

import dev.penstock.kernel.apikey.ApiKey;

/**
 * Credentials that can be told by their form. Sources: the documentation of AWS, GitHub, Slack,
 * Google, OpenAI and Anthropic on their keys; RFC 7468 and RFC 7519. Our own keys count only with a
 * checksum that holds.
 */
final class SecretScan implements TextScan {

  private static final Rule AWS = Rule.ofSecret("aws-access-key");
  private static final Rule GITHUB = Rule.ofSecret("github-token");
  private static final Rule SLACK = Rule.ofSecret("slack-token");
  private static final Rule GOOGLE = Rule.ofSecret("google-api-key");
  private static final Rule PROVIDER = Rule.ofSecret("provider-api-key");
  private static final Rule PENSTOCK = Rule.ofSecret("penstock-api-key");
  private static final Rule JWT = Rule.ofSecret("jwt");
  private static final Rule PRIVATE_KEY = Rule.ofSecret("private-key");

  private static final String PEM_BEGIN = "-----BEGIN ";
  private static final String PEM_END = "-----END ";
  private static final String PEM_DASHES = "-----";
  private static final int MAX_PEM_LABEL = 40;
  private static final int AWS_LENGTH = 20;
  private static final int GOOGLE_LENGTH = 39;
  private static final int MIN_GITHUB = 40;
  private static final int MIN_SLACK = 15;
  private static final int MIN_PROVIDER = 27;
  private static final int MIN_JWT_PART = 16;

  /** Text, where it is looked at, and whom to tell. */
  private record Look(String text, Found found) {

    boolean startsWith(String prefix, int at) {
      return text.startsWith(prefix, at);
    }

    /** Tells of a find and leads on behind it. */
    int tell(Rule rule, int start, int end) {
      found.at(rule, start, end);
      return end;
    }

    /** End of the letters, digits, underscores and hyphens that begin there. */
    int endOfToken(int start) {
      int at = start;
      while (at < text.length() && isToken(text.charAt(at))) {
        at++;
      }
      return at;
    }
  }

  private static boolean isToken(char c) {
    return Words.isAsciiWord(c) || c == '_' || c == '-';
  }

  @Override
  public int scan(String text, int from, boolean last, ScanBudget budget, Found found) {
    if (!last) {
      return from;
    }
    Look look = new Look(text, found);
    int at = from;
    while (at < text.length()) {
      at = Math.max(at + 1, from(look, at));
    }
    return text.length();
  }

  /** Looks at what begins at a place; the end of what was found there, else anything before. */
  private static int from(Look look, int at) {
    char c = look.text().charAt(at);
    if (c == '-') {
      return privateKey(look, at);
    }
    if ("Aegpsx".indexOf(c) < 0 || !Words.opensAt(look.text(), at)) {
      return at;
    }
    return switch (c) {
      case 'A' -> look.startsWith("AIza", at) ? google(look, at) : aws(look, at);
      case 'e' -> look.startsWith("eyJ", at) ? jwt(look, at) : at;
      case 'g' -> isGithub(look, at) ? token(look, GITHUB, at, MIN_GITHUB) : at;
      case 'p' -> look.startsWith("pens_", at) ? penstock(look, at) : at;
      case 's' -> isProvider(look, at) ? token(look, PROVIDER, at, MIN_PROVIDER) : at;
      default -> isSlack(look, at) ? token(look, SLACK, at, MIN_SLACK) : at;
    };
  }

  private static int token(Look look, Rule rule, int at, int least) {
    int end = look.endOfToken(at);
    return end - at >= least ? look.tell(rule, at, end) : at;
  }

  private static boolean isGithub(Look look, int at) {
    return look.startsWith("github_pat_", at)
        || (look.startsWith("gh", at)
            && at + 3 < look.text().length()
            && "pousr".indexOf(look.text().charAt(at + 2)) >= 0
            && look.text().charAt(at + 3) == '_');
  }

  private static boolean isProvider(Look look, int at) {
    return look.startsWith("sk-ant-", at) || look.startsWith("sk-proj-", at);
  }

  private static boolean isSlack(Look look, int at) {
    return look.startsWith("xapp-", at)
        || (look.startsWith("xox", at)
            && at + 4 < look.text().length()
            && "abeoprs".indexOf(look.text().charAt(at + 3)) >= 0
            && look.text().charAt(at + 4) == '-');
  }

  private static int google(Look look, int at) {
    return look.endOfToken(at) - at == GOOGLE_LENGTH
        ? look.tell(GOOGLE, at, at + GOOGLE_LENGTH)
        : at;
  }

  private static int aws(Look look, int at) {
    boolean known =
        look.startsWith("AKIA", at)
            || look.startsWith("ASIA", at)
            || look.startsWith("ABIA", at)
            || look.startsWith("ACCA", at);
    int end = at + AWS_LENGTH;
    if (!known || end > look.text().length() || !Words.closesAt(look.text(), end)) {
      return at;
    }
    for (int i = at; i < end; i++) {
      char c = look.text().charAt(i);
      if (!Words.isDigit(c) && (c < 'A' || c > 'Z')) {
        return at;
      }
    }
    return look.tell(AWS, at, end);
  }

  /** Three parts with dots between, of which the first two are JSON objects in base64url. */
  private static int jwt(Look look, int at) {
    int header = look.endOfToken(at);
    if (header - at < MIN_JWT_PART || !look.startsWith(".eyJ", header)) {
      return header; // so that a long run is gone through once
    }
    int claims = look.endOfToken(header + 1);
    if (claims - header <= MIN_JWT_PART || !look.startsWith(".", claims)) {
      return at;
    }
    int signature = look.endOfToken(claims + 1);
    return signature - claims > MIN_JWT_PART ? look.tell(JWT, at, signature) : at;
  }

  private static int penstock(Look look, int at) {
    int end = at;
    for (int parts = 0; parts < 4 && end >= 0; parts++) {
      end = look.text().indexOf('_', end + 1);
      if (end < 0 || end - at > 64) {
        return at;
      }
    }
    int last = end + 1;
    while (last < look.text().length() && Words.isAsciiWord(look.text().charAt(last))) {
      last++;
    }
    return last - at < 128 && ApiKey.parse(look.text().substring(at, last)).isPresent()
        ? look.tell(PENSTOCK, at, last)
        : at;
  }

  /** Down to where it ends, else all that follows: a key without its last line is still a key. */
  private static int privateKey(Look look, int at) {
    String text = look.text();
    if (!look.startsWith(PEM_BEGIN, at)) {
      return at;
    }
    int label = at + PEM_BEGIN.length();
    int dashes = text.indexOf(PEM_DASHES, label);
    if (dashes < 0
        || dashes - label > MAX_PEM_LABEL
        || !text.substring(label, dashes).contains("PRIVATE KEY")) {
      return at;
    }
    int end = text.indexOf(PEM_END, dashes);
    int last = end < 0 ? -1 : text.indexOf(PEM_DASHES, end + PEM_END.length());
    return look.tell(PRIVATE_KEY, at, last < 0 ? text.length() : last + PEM_DASHES.length());
  }
}
