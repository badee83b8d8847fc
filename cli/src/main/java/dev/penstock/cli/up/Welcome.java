package dev.penstock.cli.up;

import java.util.Map;

/** What {@code up} says when everything runs: where it is, and one command that shows it works. */
record Welcome(Map<String, String> environment) {

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
            value("PENSTOCK_CONSOLE_URL"),
            value("PENSTOCK_SIMULATOR_URL"),
            value("PENSTOCK_MODEL"));
  }

  private String value(String name) {
    return environment.getOrDefault(name, "not started");
  }
}
