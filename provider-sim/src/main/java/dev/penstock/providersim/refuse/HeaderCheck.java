package dev.penstock.providersim.refuse;

import io.vertx.core.MultiMap;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses headers that a gateway must keep to itself: its own, its client's, and those that belong
 * to one hop. A real provider would ignore most of them, which is why nobody notices the leak.
 */
public final class HeaderCheck {
  /** `x-api-key` and `api-key` are how Anthropic's and Azure's clients show their keys. */
  private static final Set<String> CLIENTS_OWN =
      Set.of(
          "cookie",
          "cookie2",
          "x-api-key",
          "api-key",
          "x-goog-api-key",
          "x-real-ip",
          "forwarded",
          "via",
          "origin",
          "referer");

  /** RFC 9110 section 7.6.1; `connection` itself is checked by value. */
  private static final Set<String> ONE_HOP =
      Set.of("keep-alive", "te", "trailer", "upgrade", "http2-settings");

  private static final List<String> PREFIXES =
      List.of("x-penstock-", "x-forwarded-", "proxy-", "sec-websocket-", "cf-");

  private HeaderCheck() {}

  /** The header in which this provider takes its key may be there, whatever it is called. */
  public static void check(MultiMap headers, Collection<String> keyHeaders) throws Rejection {
    for (Map.Entry<String, String> header : headers) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (isLeak(name, header.getValue(), keyHeaders)) {
        throw Rejection.leaked(name);
      }
    }
  }

  public static void checkJson(@Nullable String contentType) throws Rejection {
    String type = contentType == null ? "" : contentType.strip().toLowerCase(Locale.ROOT);
    if (!type.startsWith("application/json")) {
      throw Rejection.badRequest(
          "Content-Type must be application/json.", "headers.content-type", null);
    }
  }

  private static boolean isLeak(String name, String value, Collection<String> keyHeaders) {
    return isClientsOwn(name, value, keyHeaders)
        || ONE_HOP.contains(name)
        || PREFIXES.stream().anyMatch(name::startsWith)
        || value.contains("pens_")
        || (name.equals("connection") && namesOtherHeaders(value));
  }

  /** An empty one says nothing: Mistral's own SDK (2.7.0) sends an empty cookie with every call. */
  private static boolean isClientsOwn(String name, String value, Collection<String> keyHeaders) {
    return CLIENTS_OWN.contains(name) && !keyHeaders.contains(name) && !value.isBlank();
  }

  private static boolean namesOtherHeaders(String value) {
    String option = value.strip().toLowerCase(Locale.ROOT);
    return !option.equals("keep-alive") && !option.equals("close");
  }
}
