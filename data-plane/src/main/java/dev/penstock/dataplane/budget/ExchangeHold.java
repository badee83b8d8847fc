package dev.penstock.dataplane.budget;

import dev.penstock.kernel.money.NanoUsd;

/** The money of one exchange: set aside on its leases and written to the spool. */
public record ExchangeHold(LeaseHold leases, NanoUsd amount) {}
