package dev.penstock.controlplane.provisioning;

/**
 * The identity provider refuses something; trying again may help once somebody has looked at it.
 */
sealed class RealmFailure extends RuntimeException {

  private static final long serialVersionUID = 1;

  RealmFailure(String reason) {
    super(reason);
  }

  String reason() {
    return String.valueOf(getMessage());
  }

  /** It cannot be spoken to at all, whichever tenant it is about. */
  static final class Away extends RealmFailure {

    private static final long serialVersionUID = 1;

    Away(String reason) {
      super(reason);
    }
  }
}
