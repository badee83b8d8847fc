package dev.penstock.cli;

/**
 * A command could not do its job, for a reason its user can act on. The message is what they see,
 * without a stack trace; it never holds a key or a secret.
 */
public final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  private CommandFailure(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** The thing asked for did not work. */
  public static CommandFailure failed(String message) {
    return new CommandFailure(ExitCode.FAILED, message);
  }

  /** The command line makes no sense, or asks for what this build does not have. */
  public static CommandFailure usage(String message) {
    return new CommandFailure(ExitCode.USAGE, message);
  }

  /** Something around the command has to be set up first. */
  public static CommandFailure configuration(String message) {
    return new CommandFailure(ExitCode.CONFIGURATION, message);
  }

  public int exitCode() {
    return exitCode;
  }
}
