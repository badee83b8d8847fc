package dev.penstock.kernel.guard;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** What a guard looks for, as it is stated; {@link Guard} says what is wrong with one. */
public sealed interface Detector {

  Action action();

  /** The word by which a manifest and the wire know its kind. */
  String type();

  /** How many characters somebody has written; the built-in forms need none. */
  default int length() {
    return 0;
  }

  /** Personal data; never without an entity. */
  record Pii(List<PiiEntity> entities, Action action) implements Detector {
    public static final String TYPE = "pii";

    public Pii {
      entities = List.copyOf(entities);
      Objects.requireNonNull(action, "action");
    }

    @Override
    public String type() {
      return TYPE;
    }
  }

  /** Credentials: keys, tokens and private keys of forms that are generally known. */
  record Secrets(Action action) implements Detector {
    public static final String TYPE = "secrets";

    public Secrets {
      Objects.requireNonNull(action, "action");
    }

    @Override
    public String type() {
      return TYPE;
    }
  }

  /** Words and phrases, in whatever case, as whole words. */
  record Terms(List<String> terms, Action action) implements Detector {
    public static final String TYPE = "terms";

    public Terms {
      terms = List.copyOf(terms);
      Objects.requireNonNull(action, "action");
    }

    @Override
    public String type() {
      return TYPE;
    }

    @Override
    public int length() {
      return terms.stream().mapToInt(String::length).sum();
    }
  }

  /** A regular expression in RE2's syntax. */
  record Matching(String pattern, Action action) implements Detector {
    public static final String TYPE = "pattern";

    public Matching {
      Objects.requireNonNull(pattern, "pattern");
      Objects.requireNonNull(action, "action");
    }

    @Override
    public String type() {
      return TYPE;
    }

    @Override
    public int length() {
      return pattern.length();
    }
  }

  /** Attempts at prompt injection, as far as phrases show them. */
  record Injection(Action action) implements Detector {
    public static final String TYPE = "injection";

    public Injection {
      Objects.requireNonNull(action, "action");
    }

    @Override
    public String type() {
      return TYPE;
    }
  }

  /** A text of more characters than that, counted in UTF-16 as it came; never redacted. */
  record Size(int maxCharacters, Action action) implements Detector {
    public static final String TYPE = "size";

    public Size {
      Objects.requireNonNull(action, "action");
    }

    @Override
    public String type() {
      return TYPE;
    }
  }

  /**
   * An external guard, which is asked over HTTP whether a request may pass; never redacts, as it
   * gives a verdict and no places.
   *
   * @param url that it is asked at
   * @param timeout from the question to its answer, with all waiting
   * @param onFailure what becomes of a request on which it gives no verdict
   * @param maxConcurrent most questions of a node to it at once
   */
  record Http(String url, Duration timeout, OnFailure onFailure, int maxConcurrent, Action action)
      implements Detector {
    public static final String TYPE = "http";

    public Http {
      Objects.requireNonNull(url, "url");
      Objects.requireNonNull(timeout, "timeout");
      Objects.requireNonNull(onFailure, "onFailure");
      Objects.requireNonNull(action, "action");
    }

    @Override
    public String type() {
      return TYPE;
    }

    @Override
    public int length() {
      return url.length();
    }
  }
}
