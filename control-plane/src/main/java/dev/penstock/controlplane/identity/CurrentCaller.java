package dev.penstock.controlplane.identity;

import jakarta.enterprise.context.RequestScoped;
import org.jspecify.annotations.Nullable;

/** The caller of the request at hand. */
@RequestScoped
public class CurrentCaller {

  private @Nullable Caller caller;

  /** Whoever was let in; nobody gets this far without. */
  public Caller get() {
    Caller known = caller;
    if (known == null) {
      throw new IllegalStateException("a request without a caller");
    }
    return known;
  }

  void set(Caller caller) {
    this.caller = caller;
  }
}
