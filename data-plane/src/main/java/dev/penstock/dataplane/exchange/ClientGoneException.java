package dev.penstock.dataplane.exchange;

import dev.penstock.dataplane.route.Candidate;
import java.io.Serial;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The client left before a provider had answered. */
public final class ClientGoneException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  private final transient @Nullable Candidate sentTo;

  private ClientGoneException(@Nullable Candidate sentTo) {
    super("client gone", null, false, false);
    this.sentTo = sentTo;
  }

  /** Before anything was sent to a provider. */
  public static ClientGoneException beforeTheCall() {
    return new ClientGoneException(null);
  }

  /** While a provider was at work; it charges for the input at least. */
  public static ClientGoneException afterSendingTo(Candidate candidate) {
    return new ClientGoneException(candidate);
  }

  public Optional<Candidate> sentTo() {
    return Optional.ofNullable(sentTo);
  }
}
