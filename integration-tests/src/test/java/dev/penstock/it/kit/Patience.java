package dev.penstock.it.kit;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * How long tests wait for what is bound to come, before they say that it did not.
 *
 * <p>Far longer than it takes: a machine may be many times slower than ours, and a long patience
 * costs nothing where the thing comes. What is promised within a time says that time itself.
 *
 * <p>As an extension, which every class gets, it is what {@code await()} waits without being told.
 */
public final class Patience implements BeforeAllCallback {
  /** For an answer, a record, a revision at a node. */
  public static final Duration FOR_AN_ANSWER = Duration.ofMinutes(2);

  /** For a process to do its job, from nothing. */
  public static final Duration FOR_A_START = Duration.ofMinutes(4);

  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultTimeout(FOR_AN_ANSWER);
  }
}
