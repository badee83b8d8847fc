package dev.penstock.controlplane.provider;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** A range of addresses, written as {@code 127.0.0.0/8}. */
record AddressRange(byte[] network, int prefixBits) {

  static AddressRange of(String cidr) {
    int slash = cidr.indexOf('/');
    try {
      // A literal is parsed, never looked up; anything else is refused before it comes here.
      String literal = slash < 0 ? cidr : cidr.substring(0, slash);
      if (!literal.matches("[0-9a-fA-F:.]+")) {
        throw new IllegalArgumentException("not an address range: " + cidr);
      }
      byte[] network = InetAddress.getByName(literal).getAddress();
      int bits = slash < 0 ? network.length * 8 : Integer.parseInt(cidr.substring(slash + 1));
      if (bits < 0 || bits > network.length * 8) {
        throw new IllegalArgumentException("not an address range: " + cidr);
      }
      return new AddressRange(network, bits);
    } catch (UnknownHostException | NumberFormatException e) {
      throw new IllegalArgumentException("not an address range: " + cidr, e);
    }
  }

  boolean contains(byte[] address) {
    if (address.length != network.length) {
      return false;
    }
    for (int bit = 0; bit < prefixBits; bit++) {
      int mask = 0x80 >>> (bit % 8);
      if ((address[bit / 8] & mask) != (network[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }
}
