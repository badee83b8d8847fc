package dev.penstock.controlplane.secret;

import dev.penstock.kernel.seal.DeliveryKey;
import jakarta.inject.Singleton;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The keys with which each region's secrets are sealed on their way to its nodes. */
@Singleton
public class DeliveryKeys {

  private final MasterKey masterKey;
  private final ConcurrentMap<String, DeliveryKey> byRegion = new ConcurrentHashMap<>();

  DeliveryKeys(MasterKey masterKey) {
    this.masterKey = masterKey;
  }

  /** The key of a region: always the same for the same master key. */
  public DeliveryKey ofRegion(String region) {
    return byRegion.computeIfAbsent(region, name -> DeliveryKey.ofRegion(masterKey.bytes(), name));
  }
}
