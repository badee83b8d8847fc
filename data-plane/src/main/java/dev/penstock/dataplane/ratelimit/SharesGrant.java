package dev.penstock.dataplane.ratelimit;

import dev.penstock.kernel.rate.ShareGrant;

/**
 * The node is given a share of a limit.
 *
 * @param validMillis from when it asked; 0: for as long as it runs
 */
public record SharesGrant(LimitName limit, ShareGrant grant, long validMillis) {}
