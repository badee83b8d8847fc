package dev.penstock.dataplane.upstream;

import java.net.URI;

/**
 * Where a provider is, or an external guard.
 *
 * @param path what stands before an API's own path; empty, or begins with a slash
 */
public record ProviderUrl(String host, int port, boolean tls, String path) {

  private static final int HTTPS_PORT = 443;
  private static final int HTTP_PORT = 80;

  /** Of a URL whose form has been checked when the snapshot was taken. */
  public static ProviderUrl of(String baseUrl) {
    URI base = URI.create(baseUrl);
    boolean tls = "https".equals(base.getScheme());
    int standard = tls ? HTTPS_PORT : HTTP_PORT;
    int port = base.getPort() > 0 ? base.getPort() : standard;
    return new ProviderUrl(base.getHost(), port, tls, base.getRawPath());
  }
}
