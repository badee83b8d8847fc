package dev.penstock.dataplane.ratelimit;

import dev.penstock.kernel.rate.ShareAsk;

/** The node asks for a share of a limit. */
public record SharesAsk(LimitName limit, ShareAsk ask) {}
