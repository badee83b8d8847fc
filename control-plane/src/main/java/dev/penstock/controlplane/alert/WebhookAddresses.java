package dev.penstock.controlplane.alert;

import dev.penstock.controlplane.ControlPlaneConfig;
import dev.penstock.controlplane.provider.ProviderAddress;
import jakarta.inject.Singleton;
import java.util.List;

/** Where alerts may be sent: public addresses, and those that the configuration lists. */
@Singleton
public class WebhookAddresses {

  private final ProviderAddress judge;

  WebhookAddresses(ControlPlaneConfig config) {
    judge =
        new ProviderAddress(
            "PENSTOCK_WEBHOOK_ALLOW_PRIVATE", config.webhookAllowPrivate().orElse(List.of()));
  }

  public ProviderAddress judge() {
    return judge;
  }
}
