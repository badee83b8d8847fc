package dev.penstock.controlplane.fleet;

import dev.penstock.controlplane.ledger.Ledger;
import dev.penstock.controlplane.ratelimit.RateShares;
import dev.penstock.controlplane.secret.DeliveryKeys;
import dev.penstock.controlplane.threshold.ActionsInForce;
import dev.penstock.controlplane.threshold.Refusals;
import dev.penstock.controlplane.usage.UsageIngest;
import jakarta.inject.Singleton;

/** Whom a session asks. */
@Singleton
record Desks(
    NodeRows nodes,
    ConnectedNodes connectedNodes,
    DeliveryKeys keys,
    SnapshotPublisher snapshots,
    WholeSends wholeSends,
    Ledger ledger,
    LeaseReminders reminders,
    RateShares rateShares,
    UsageIngest usage,
    ActionsInForce budgetActions,
    Refusals refusals) {}
