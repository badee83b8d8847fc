package dev.penstock.controlplane.enrolment;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who a node is, as its certificate says; nothing that a node says can change it. */
public record NodeIdentity(String name, String region) {

  private static final String TRUST_DOMAIN = "penstock";
  private static final String NAME = "([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)";
  private static final Pattern PATH = Pattern.compile("/region/" + NAME + "/node/" + NAME);

  public NodeIdentity {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(region, "region");
  }

  /** As a certificate names the node. */
  public String uri() {
    return "spiffe://" + TRUST_DOMAIN + "/region/" + region + "/node/" + name;
  }

  /** Reads {@code spiffe://penstock/region/<region>/node/<name>}; empty for anything else. */
  public static Optional<NodeIdentity> ofUri(String text) {
    try {
      URI uri = new URI(text);
      Matcher path = PATH.matcher(String.valueOf(uri.getRawPath()));
      boolean ours =
          "spiffe".equals(uri.getScheme())
              && TRUST_DOMAIN.equals(uri.getRawAuthority())
              && uri.getRawQuery() == null
              && uri.getRawFragment() == null
              && path.matches();
      return ours ? Optional.of(new NodeIdentity(path.group(3), path.group(1))) : Optional.empty();
    } catch (URISyntaxException malformed) {
      return Optional.empty();
    }
  }
}
