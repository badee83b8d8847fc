package dev.penstock.dataplane.upstream;

import dev.penstock.dataplane.config.Cidr;
import dev.penstock.dataplane.upstream.ProviderFailure.Kind;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.net.SocketAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Resolves a provider's host, or an external guard's, once, judges the address and connects to that
 * very address, so that a name cannot answer one way to the check and another way to the connection
 * (DNS rebinding).
 *
 * <p>Private, loopback, link-local (cloud metadata), shared and other special addresses are refused
 * unless the node's configuration lists their range. Shared by the node's event loops; look-ups run
 * on a worker thread and are kept for half a minute.
 */
public final class ProviderAddresses {

  private static final Duration KEPT = Duration.ofSeconds(30);
  private static final int MAX_KEPT = 1_000;
  private static final int GUARD_NAMES_AT_ONCE = 8;

  /**
   * Special-purpose ranges (IANA registries for IPv4 and IPv6) that no public provider lives in.
   */
  private static final List<Cidr> SPECIAL =
      List.of(
              "0.0.0.0/8",
              "10.0.0.0/8",
              "100.64.0.0/10",
              "127.0.0.0/8",
              "169.254.0.0/16",
              "172.16.0.0/12",
              "192.0.0.0/24",
              "192.0.2.0/24",
              "192.88.99.0/24",
              "192.168.0.0/16",
              "198.18.0.0/15",
              "198.51.100.0/24",
              "203.0.113.0/24",
              "224.0.0.0/3",
              "::/16",
              "64:ff9b::/32",
              "100::/64",
              "2001::/23",
              "2001:db8::/32",
              "2002::/16",
              "fc00::/7",
              "fe80::/9",
              "ff00::/8")
          .stream()
          .map(Cidr::of)
          .toList();

  private record Kept(InetAddress address, long untilNanos) {}

  private final Vertx vertx;

  /**
   * Names of tenants' choosing: one that takes long to look up holds up no provider and no search.
   */
  private final WorkerExecutor guardNames;

  private final List<Cidr> allowedPrivate;
  private final Map<String, Kept> kept = new ConcurrentHashMap<>();

  public ProviderAddresses(Vertx vertx, List<Cidr> allowedPrivate) {
    this.vertx = vertx;
    guardNames = vertx.createSharedWorkerExecutor("penstock-guard-names", GUARD_NAMES_AT_ONCE);
    this.allowedPrivate = List.copyOf(allowedPrivate);
  }

  /** The address to connect to; fails with a {@link ProviderFailure}. */
  Future<SocketAddress> resolve(String host, int port) {
    return find(host, look -> vertx.executeBlocking(look, false))
        .map(address -> socket(address, port));
  }

  /**
   * The address of an external guard, which is judged as a provider's; without TLS it has to be a
   * private one that is allowed.
   */
  public Future<SocketAddress> resolve(ProviderUrl guard) {
    return find(guard.host(), look -> guardNames.executeBlocking(look, false))
        .map(address -> {
          if (!guard.tls() && !isAllowedPrivate(address)) {
            throw ProviderFailure.of(Kind.FORBIDDEN_ADDRESS);
          }
          return socket(address, guard.port());
        });
  }

  private Future<InetAddress> find(
      String host, Function<Callable<InetAddress>, Future<InetAddress>> aside) {
    Kept known = kept.get(host);
    if (known != null && known.untilNanos() - System.nanoTime() > 0) {
      return Future.succeededFuture(known.address());
    }
    return aside.apply(() -> lookUp(host)).map(Objects::requireNonNull);
  }

  private InetAddress lookUp(String host) {
    InetAddress address;
    try {
      address = InetAddress.getByName(host);
    } catch (UnknownHostException unknown) {
      throw ProviderFailure.of(Kind.CONNECT);
    }
    if (!mayCall(address)) {
      throw ProviderFailure.of(Kind.FORBIDDEN_ADDRESS);
    }
    if (kept.size() >= MAX_KEPT) {
      kept.clear();
    }
    kept.put(host, new Kept(address, System.nanoTime() + KEPT.toNanos()));
    return address;
  }

  boolean mayCall(InetAddress address) {
    boolean special =
        address.isMulticastAddress()
            || (address instanceof Inet6Address v6 && v6.isIPv4CompatibleAddress())
            || SPECIAL.stream().anyMatch(range -> range.contains(address));
    return !special || isAllowedPrivate(address);
  }

  private boolean isAllowedPrivate(InetAddress address) {
    return allowedPrivate.stream().anyMatch(range -> range.contains(address));
  }

  private static SocketAddress socket(InetAddress address, int port) {
    return SocketAddress.inetSocketAddress(port, address.getHostAddress());
  }
}
