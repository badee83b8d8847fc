package dev.penstock.controlplane.secret;

import dev.penstock.kernel.seal.DeliveryKey;
import jakarta.inject.Singleton;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The keys with which each region's secrets are sealed on their way to its nodes. */
@Singleton
public class DeliveryKeys {

  private final MasterKeys masterKeys;
  private final ConcurrentMap<String, DeliveryKey> byRegion = new ConcurrentHashMap<>();

  DeliveryKeys(MasterKeys masterKeys) {
    this.masterKeys = masterKeys;
  }

  /** The key of a region: always the same for the same first master key. */
  public DeliveryKey ofRegion(String region) {
    return byRegion.computeIfAbsent(
        region, name -> DeliveryKey.ofRegion(masterKeys.primary(), name));
  }
}
