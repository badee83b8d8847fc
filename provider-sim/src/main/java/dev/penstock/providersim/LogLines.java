package dev.penstock.providersim;

import java.time.Instant;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
import org.jspecify.annotations.Nullable;

/** One line per event on standard output, in UTC; installed by the process, not by embedders. */
final class LogLines {
  private LogLines() {}

  static void install() {
    LogManager.getLogManager().reset();
    Handler lines =
        new StreamHandler(System.out, new Line()) {
          @Override
          public synchronized void publish(@Nullable LogRecord event) {
            super.publish(event);
            flush();
          }
        };
    Logger root = Logger.getLogger("");
    root.setLevel(Level.INFO);
    root.addHandler(lines);
  }

  private static final class Line extends Formatter {
    @Override
    public String format(LogRecord event) {
      Throwable thrown = event.getThrown();
      return "%s %s %s %s%s%n"
          .formatted(
              Instant.ofEpochMilli(event.getMillis()),
              event.getLevel(),
              event.getLoggerName(),
              formatMessage(event),
              thrown == null ? "" : " cause=" + thrown);
    }
  }
}
