package dev.penstock.it.kit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Random;

/** Blocks of ports that nobody uses, below those that the kernel gives to clients. */
public final class FreePorts {
  private static final int FIRST = 20_000;
  private static final int BLOCK = 20;
  private static final int BLOCKS = 500;
  private static final Random RANDOM = new Random();

  private FreePorts() {}

  /** The first port of a block that is free now. Random, because builds run side by side. */
  public static int base() {
    for (int attempt = 0; attempt < BLOCKS; attempt++) {
      int base = FIRST + BLOCK * RANDOM.nextInt(BLOCKS);
      if (isFree(base)) {
        return base;
      }
    }
    throw new IllegalStateException("no block of free ports from " + FIRST);
  }

  private static boolean isFree(int base) {
    for (int port = base; port < base + BLOCK; port++) {
      try (ServerSocket probe = new ServerSocket()) {
        probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      } catch (IOException taken) {
        return false;
      }
    }
    return true;
  }
}
