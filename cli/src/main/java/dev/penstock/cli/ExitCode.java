package dev.penstock.cli;

/** What the shell sees. Scripts build on these numbers; they never change. */
public final class ExitCode {
  public static final int DONE = 0;
  public static final int FAILED = 1;
  public static final int DIFFERENCES = 2;
  public static final int USAGE = 64;
  public static final int CONFIGURATION = 78;

  private ExitCode() {}
}
