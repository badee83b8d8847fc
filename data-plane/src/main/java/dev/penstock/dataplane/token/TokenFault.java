package dev.penstock.dataplane.token;

/** What is wrong with a token, in words that may be said to whoever sent it. */
public enum TokenFault {
  MALFORMED("it is not a signed JWT of a kind that is taken here"),
  SIGNATURE("it is not signed with a key of the identity provider"),
  EXPIRED("it has expired"),
  CLAIMS("its issuer, audience or times are not those of a token for this gateway"),
  TOO_LONG_LIVED("it is good for longer than 10 minutes"),
  ORGANIZATION("it does not name exactly one organization"),
  CLIENT("it does not say to which client it was given");

  private final String sentence;

  TokenFault(String sentence) {
    this.sentence = sentence;
  }

  /** Ends a sentence that begins with the token; holds nothing of it. */
  public String sentence() {
    return sentence;
  }
}
