package dev.penstock.controlplane.identity;

import jakarta.enterprise.context.RequestScoped;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The caller of the request at hand, and how far that request reaches. */
@RequestScoped
public class CurrentCaller {

  private @Nullable Caller caller;

  /** Request contexts are made for the control plane's own work, too: that has no caller. */
  private Reach reach = Reach.EVERYTHING;

  /** Whoever was let in; nobody gets this far without. */
  public Caller get() {
    Caller known = caller;
    if (known == null) {
      throw new IllegalStateException("a request without a caller");
    }
    return known;
  }

  /** Empty while nobody was let in. */
  public Optional<Caller> known() {
    return Optional.ofNullable(caller);
  }

  Reach reach() {
    return reach;
  }

  /** A request has come in, and nobody knows yet whose it is. */
  void await() {
    reach = Reach.NOTHING;
  }

  void set(Caller caller) {
    this.caller = caller;
  }

  /** What the request is about to do is known. */
  void reach(Action action) {
    reach = Reach.of(get(), action);
  }
}
