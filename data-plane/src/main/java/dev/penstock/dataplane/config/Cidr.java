package dev.penstock.dataplane.config;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Objects;

/** A range of IP addresses such as {@code 127.0.0.0/8}. */
public record Cidr(InetAddress network, int prefixBits) {

  public Cidr {
    Objects.requireNonNull(network, "network");
    int bits = network.getAddress().length * Byte.SIZE;
    if (prefixBits < 0 || prefixBits > bits) {
      throw new IllegalArgumentException(
          "prefix: " + prefixBits + " (expected: 0 to " + bits + ")");
    }
  }

  /**
   * Reads {@code address/prefix}; the address is literal, never a name that would be looked up.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  public static Cidr of(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("\"" + text + "\" (expected: address/prefix)");
    }
    try {
      return new Cidr(
          InetAddress.ofLiteral(text.substring(0, slash)),
          Integer.parseInt(text.substring(slash + 1)));
    } catch (NumberFormatException notANumber) {
      throw new IllegalArgumentException("\"" + text + "\" (expected: address/prefix)", notANumber);
    }
  }

  /** Whether the range holds an address of the same family. */
  public boolean contains(InetAddress address) {
    byte[] mine = network.getAddress();
    byte[] theirs = address.getAddress();
    if (mine.length != theirs.length) {
      return false;
    }
    int whole = prefixBits / Byte.SIZE;
    if (!Arrays.equals(mine, 0, whole, theirs, 0, whole)) {
      return false;
    }
    int rest = prefixBits % Byte.SIZE;
    return rest == 0 || ((mine[whole] ^ theirs[whole]) & 0xFF) >>> (Byte.SIZE - rest) == 0;
  }
}
