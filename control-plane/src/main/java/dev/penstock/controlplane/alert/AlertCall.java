package dev.penstock.controlplane.alert;

import dev.penstock.controlplane.provider.ProviderAddress;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Posts an alert. The host is looked up once, its address judged, and that very address connected
 * to, so that a name cannot answer one way to the check and another way to the connection.
 * Redirects are not followed, and of the answer only the status is read. Blocks.
 */
@Singleton
class AlertCall {

  private static final int CONNECT_MILLIS = 5_000;
  private static final long TOTAL_MILLIS = 10_000;
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  private final HttpClient http;
  private final ProviderAddress addresses;

  AlertCall(Vertx vertx, WebhookAddresses addresses) {
    http =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout(CONNECT_MILLIS)
                .setKeepAlive(false)
                .setVerifyHost(true));
    this.addresses = addresses.judge();
  }

  /** Why it has not arrived; empty if it has. */
  Optional<String> send(Alert alert, long timestampSeconds, String signature, byte[] body) {
    URI url = URI.create(alert.url());
    InetAddress address;
    try {
      address = InetAddress.getByName(url.getHost());
    } catch (UnknownHostException unknown) {
      return Optional.of("its host is unknown");
    }
    if (!addresses.mayReach(address)) {
      return Optional.of("its host is at a private or reserved address");
    }
    Exchange exchange = new Exchange();
    try {
      int status =
          http.request(request(url, address))
              .compose(request -> {
                exchange.began(request);
                return request
                    .putHeader("content-type", "application/json")
                    .putHeader("user-agent", "penstock")
                    .putHeader("webhook-id", alert.id())
                    .putHeader("webhook-timestamp", Long.toString(timestampSeconds))
                    .putHeader("webhook-signature", signature)
                    .send(Buffer.buffer(body));
              })
              .map(response -> {
                exchange.end(); // before any of its body is read
                return response.statusCode();
              })
              .toCompletionStage()
              .toCompletableFuture()
              .get(TOTAL_MILLIS, TimeUnit.MILLISECONDS);
      return status >= 200 && status < 300
          ? Optional.empty()
          : Optional.of("HTTP status " + status);
    } catch (ExecutionException failed) {
      Throwable cause = failed.getCause() == null ? failed : failed.getCause();
      return Optional.of("no answer: " + cause.getClass().getSimpleName());
    } catch (TimeoutException late) {
      return Optional.of("no answer in time");
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return Optional.of("the control plane stops");
    } finally {
      exchange.end();
    }
  }

  /**
   * Ends the connection, however the call went: a receiver can make neither an answer last that
   * nobody reads nor one that never begins. Two threads.
   */
  private static final class Exchange {
    private @Nullable HttpClientRequest request;
    private boolean over;

    synchronized void began(HttpClientRequest begun) {
      request = begun;
      if (over) {
        end();
        throw new IllegalStateException("nobody waits for it any more");
      }
    }

    synchronized void end() {
      over = true;
      if (request != null) {
        request.connection().close();
      }
    }
  }

  private static RequestOptions request(URI url, InetAddress address) {
    boolean tls = url.getScheme().equals("https");
    int usual = tls ? HTTPS_PORT : HTTP_PORT;
    int port = url.getPort() == -1 ? usual : url.getPort();
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    return new RequestOptions()
        .setMethod(HttpMethod.POST)
        .setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress()))
        .setHost(url.getHost())
        .setPort(port)
        .setSsl(tls)
        .setURI(path)
        .setTimeout(TOTAL_MILLIS)
        .setFollowRedirects(false);
  }

  @PreDestroy
  void close() {
    http.close();
  }
}
