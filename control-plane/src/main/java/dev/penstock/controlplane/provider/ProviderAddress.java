package dev.penstock.controlplane.provider;

import dev.penstock.kernel.address.BaseUrl;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which base URLs we are willing to have nodes call. Judges what is written: the form, literal
 * addresses, well-known names. A name is resolved at the node, which checks the address again when
 * it connects.
 */
public final class ProviderAddress {

  private static final Pattern DOTTED_QUAD =
      Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");

  /** A host whose last label is a number is an address to some resolver, whatever its form. */
  private static final Pattern NUMERIC_END = Pattern.compile("(.*\\.)?(0[xX][0-9a-fA-F]*|[0-9]+)");

  private static final Pattern HOST_NAME =
      Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");

  private static final Set<String> METADATA_NAMES =
      Set.of("metadata", "instance-data", "instance-data.ec2.internal", "metadata.azure.internal");

  private static final int LAST_SYSTEM_PORT = 1023;
  private static final int LAST_PORT = 65535;

  /** Not for providers: this host, private, shared, link-local, benchmarks, documentation, etc. */
  private static final List<AddressRange> NOT_PUBLIC =
      ranges(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.168.0.0/16",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/4",
          "240.0.0.0/4");

  /** Of IPv6 only global unicast is public, and of that not what is documentation or tunnels. */
  private static final AddressRange GLOBAL_UNICAST = AddressRange.of("2000::/3");

  private static final List<AddressRange> NOT_PUBLIC_V6 = ranges("2001::/23", "2001:db8::/32");

  private static final AddressRange SIX_TO_FOUR = AddressRange.of("2002::/16");
  private static final AddressRange NAT64 = AddressRange.of("64:ff9b::/96");
  private static final AddressRange NAT64_LOCAL = AddressRange.of("64:ff9b:1::/48");
  private static final AddressRange COMPATIBLE = AddressRange.of("::/96");

  private final String setting;
  private final List<AddressRange> allowedPrivate;

  /**
   * @param setting where the ranges come from, for whoever is refused
   * @param allowedPrivate ranges in CIDR form that are allowed although they are not public
   */
  public ProviderAddress(String setting, List<String> allowedPrivate) {
    this.setting = setting;
    this.allowedPrivate =
        allowedPrivate.stream()
            .map(String::strip)
            .filter(range -> !range.isEmpty())
            .map(AddressRange::of)
            .toList();
  }

  private static List<AddressRange> ranges(String... cidrs) {
    return Arrays.stream(cidrs).map(AddressRange::of).toList();
  }

  /** Whether an address may be connected to that a name has led to. */
  public boolean mayReach(InetAddress address) {
    return isAllowed(address.getAddress()) || isPublic(address.getAddress());
  }

  /** Why a base URL is refused; empty if it is not. */
  public Optional<String> problemOf(String baseUrl) {
    if (!BaseUrl.isOne(baseUrl) || !baseUrl.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      return Optional.of(
          "expected https://host[:port][/path] in ASCII without user, query, fragment or trailing"
              + " slash");
    }
    URI uri = URI.create(baseUrl);
    if (baseUrl.indexOf('\\') >= 0 || baseUrl.indexOf('%') >= 0 || hasDotSegment(uri)) {
      return Optional.of("expected a plain path without escapes and dot segments");
    }
    if (!isPortOfProviders(uri.getPort())) {
      return Optional.of("port " + uri.getPort() + " (expected: 80, 443 or above 1023)");
    }
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    return host.startsWith("[") || NUMERIC_END.matcher(host).matches()
        ? problemOfLiteral(host, uri.getScheme())
        : problemOfName(host, uri.getScheme());
  }

  /** Ports of other protocols are not: a request could be made to speak them. */
  private static boolean isPortOfProviders(int port) {
    return port == -1
        || port == 80
        || port == 443
        || (port > LAST_SYSTEM_PORT && port <= LAST_PORT);
  }

  private static boolean hasDotSegment(URI uri) {
    return Arrays.stream(uri.getRawPath().split("/", -1))
        .anyMatch(s -> s.equals(".") || s.equals(".."));
  }

  private Optional<String> problemOfName(String host, String scheme) {
    if (!HOST_NAME.matcher(host).matches()) {
      return Optional.of("expected a host name without trailing dot");
    }
    if (host.equals("localhost") || host.endsWith(".localhost")) {
      return isAllowed(new byte[] {127, 0, 0, 1})
          ? Optional.empty()
          : Optional.of("localhost is not in " + setting);
    }
    if (METADATA_NAMES.contains(host)
        || host.startsWith("metadata.")
        || host.endsWith(".metadata.google.internal")) {
      return Optional.of("is the name of a cloud's metadata service");
    }
    return "https".equals(scheme)
        ? Optional.empty()
        : Optional.of("expected https (http is for private addresses that are allowed)");
  }

  private Optional<String> problemOfLiteral(String host, String scheme) {
    Optional<byte[]> literal = literal(host);
    if (literal.isEmpty()) {
      return Optional.of("expected an address in its usual form, or a name");
    }
    byte[] address = literal.get();
    if (isAllowed(address)) {
      return Optional.empty();
    }
    if (!isPublic(address)) {
      return Optional.of("is a private or reserved address outside " + setting);
    }
    return "https".equals(scheme)
        ? Optional.empty()
        : Optional.of("expected https (http is for private addresses that are allowed)");
  }

  private boolean isAllowed(byte[] address) {
    return allowedPrivate.stream().anyMatch(range -> range.contains(address));
  }

  private static boolean isPublic(byte[] address) {
    if (address.length == 4) {
      return NOT_PUBLIC.stream().noneMatch(range -> range.contains(address));
    }
    // Addresses that carry an IPv4 address lead there.
    if (SIX_TO_FOUR.contains(address)) {
      return isPublic(Arrays.copyOfRange(address, 2, 6));
    }
    if (NAT64.contains(address) || COMPATIBLE.contains(address)) {
      return isPublic(Arrays.copyOfRange(address, 12, 16));
    }
    return GLOBAL_UNICAST.contains(address)
        && !NAT64_LOCAL.contains(address)
        && NOT_PUBLIC_V6.stream().noneMatch(range -> range.contains(address));
  }

  /** The address that a host is a literal of; {@code ::ffff:a.b.c.d} becomes its IPv4 address. */
  private static Optional<byte[]> literal(String host) {
    try {
      if (host.startsWith("[")) {
        return host.indexOf('%') >= 0
            ? Optional.empty()
            : Optional.of(InetAddress.getByName(host).getAddress());
      }
      return DOTTED_QUAD.matcher(host).matches()
          ? Optional.of(InetAddress.getByName(host).getAddress())
          : Optional.empty();
    } catch (UnknownHostException notAnAddress) {
      return Optional.empty();
    }
  }
}
