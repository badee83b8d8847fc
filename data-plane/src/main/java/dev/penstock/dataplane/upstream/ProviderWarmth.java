package dev.penstock.dataplane.upstream;

import dev.penstock.dataplane.snapshot.Rehearsal;
import dev.penstock.dataplane.snapshot.ServingSnapshot;
import dev.penstock.kernel.snapshot.PolicyContent.Provider;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls on providers that a snapshot brings, before somebody needs them: looks their address up,
 * connects, makes the TLS handshake and hangs up. Nothing is sent. A provider that cannot be
 * reached from here is told of at once, and not by the first request that fails.
 *
 * <p>It goes on beside the snapshot's coming into force and never delays it: how long a provider
 * takes is not for a write to wait for.
 */
public final class ProviderWarmth implements Rehearsal {

  /** Of one snapshot; further ones are met by their first request. */
  static final int MOST = 32;

  private static final Logger LOG = LoggerFactory.getLogger(ProviderWarmth.class);
  private static final Duration CONNECT = Duration.ofSeconds(5);

  private final ProviderAddresses addresses;
  private final HttpClientAgent http;

  public ProviderWarmth(Vertx vertx, ProviderAddresses addresses) {
    this.addresses = addresses;
    http =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_1_1)
                .setVerifyHost(true)
                .setConnectTimeout((int) CONNECT.toMillis()));
  }

  @Override
  public void rehearse(@Nullable ServingSnapshot now, ServingSnapshot next) {
    Set<String> known = new HashSet<>();
    if (now != null) {
      now.content().providers().values().forEach(provider -> known.add(provider.baseUrl()));
    }
    next.content().providers().values().stream()
        .filter(provider -> known.add(provider.baseUrl()))
        .limit(MOST)
        .forEach(this::meet);
  }

  private void meet(Provider provider) {
    ProviderUrl url = ProviderUrl.of(provider.baseUrl());
    addresses
        .resolve(url.host(), url.port())
        .compose(address ->
            http.connect(
                new HttpConnectOptions()
                    .setServer(address)
                    .setHost(url.host())
                    .setPort(url.port())
                    .setSsl(url.tls())))
        .compose(ProviderWarmth::hangUp)
        .onFailure(failure ->
            LOG.warn(
                "provider {} cannot be reached from this node: {}", provider.name(), why(failure)));
  }

  private static Future<Void> hangUp(HttpClientConnection connection) {
    return connection.close();
  }

  private static String why(Throwable failure) {
    return failure instanceof ProviderFailure known
        ? known.error()
        : failure.getClass().getSimpleName();
  }
}
