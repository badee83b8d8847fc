package dev.penstock.dataplane.wire;

import dev.penstock.dataplane.ratelimit.LimitName;
import dev.penstock.dataplane.ratelimit.SharesAsk;
import dev.penstock.dataplane.ratelimit.SharesGrant;
import dev.penstock.kernel.rate.ShareGrant;
import dev.penstock.kernel.rate.Units;
import dev.penstock.kernel.snapshot.PolicyContent.RateLimitRule;
import dev.penstock.proto.fleet.v1.RateShare;
import dev.penstock.proto.fleet.v1.RateShareAsk;
import dev.penstock.proto.fleet.v1.RateShareGrant;
import dev.penstock.proto.fleet.v1.RateShareRequest;
import dev.penstock.proto.fleet.v1.RateUnits;
import java.util.List;

/** Shares of rate limits, as they are asked for and come. */
final class RateShareMessages {

  /** Longer than anything lent holds: a day. */
  private static final long MOST_VALID_MILLIS = 86_400_000;

  private RateShareMessages() {}

  static RateShareRequest of(List<SharesAsk> asks) {
    RateShareRequest.Builder to = RateShareRequest.newBuilder();
    for (SharesAsk each : asks) {
      to.addAsks(
          RateShareAsk.newBuilder()
              .setTenant(each.limit().tenant())
              .setName(each.limit().name())
              .setNumber(each.ask().number())
              .setHeld(units(each.ask().held()))
              .setWant(units(each.ask().want())));
    }
    return to.build();
  }

  private static RateUnits units(Units from) {
    return RateUnits.newBuilder()
        .setRequests(from.requests())
        .setTokens(from.tokens())
        .setStreams(from.streams())
        .build();
  }

  static List<SharesGrant> of(RateShareGrant from) {
    return from.getSharesList().stream().map(RateShareMessages::grant).toList();
  }

  private static SharesGrant grant(RateShare from) {
    return new SharesGrant(
        new LimitName(from.getTenant(), from.getName()),
        new ShareGrant(from.getNumber(), units(from.getGranted()), units(from.getFresh())),
        Math.clamp(from.getValidMillis(), 0, MOST_VALID_MILLIS));
  }

  private static Units units(RateUnits from) {
    return new Units(
        Math.clamp(from.getRequests(), 0, RateLimitRule.MOST),
        Math.clamp(from.getTokens(), 0, RateLimitRule.MOST),
        Math.clamp(from.getStreams(), 0, RateLimitRule.MOST));
  }
}
