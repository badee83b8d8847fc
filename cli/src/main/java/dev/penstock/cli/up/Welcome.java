package dev.penstock.cli.up;

import dev.penstock.cli.up.StackOptions.Sso;
import java.util.Map;

/**
 * What {@code up} says when everything runs: where it is, and one command that shows it works.
 *
 * @param sso with it the console comes later
 */
record Welcome(Map<String, String> environment, Sso sso) {
  private static final String CONSOLE = "PENSTOCK_CONSOLE_URL";

  String text() {
    return """

    Penstock is up.
      gateway    %s   (%s)
      admin API  %s
      console    %s
      simulator  %s

    Stream a chat completion:
      . .penstock/env
      curl -N $OPENAI_BASE_URL/chat/completions -H "Authorization: Bearer $OPENAI_API_KEY" \\
        -H 'Content-Type: application/json' \\
        -d '{"model":"%s","stream":true,"messages":[{"role":"user","content":"hello"}]}'

    What happened to it (the id is in the header x-penstock-request-id):  ./penstock explain ID
    Ctrl-C stops everything; the data is kept.\
    """
        .formatted(
            value("PENSTOCK_GATEWAY_URL"),
            value("PENSTOCK_GATEWAY_URLS"),
            value("PENSTOCK_ADMIN_URL"),
            console(),
            value("PENSTOCK_SIMULATOR_URL"),
            value("PENSTOCK_MODEL"));
  }

  /** What there is to say once the console lets people in. */
  String consoleText() {
    return """

    Console: %s  user %s, password: $PENSTOCK_CONSOLE_PASSWORD of .penstock/env
    """
        .formatted(value(CONSOLE), value("PENSTOCK_CONSOLE_USER"));
  }

  private String console() {
    return sso == Sso.STARTED && !environment.containsKey(CONSOLE)
        ? "follows, with single sign-on, which starts in the background (--no-sso leaves it out)"
        : value(CONSOLE);
  }

  private String value(String name) {
    return environment.getOrDefault(name, "not started");
  }
}
