package dev.penstock.controlplane.wire;

import dev.penstock.controlplane.fleet.NodeSaid;
import dev.penstock.controlplane.ratelimit.RateShares.Asked;
import dev.penstock.controlplane.ratelimit.RateShares.Granted;
import dev.penstock.controlplane.ratelimit.RateShares.Limit;
import dev.penstock.kernel.rate.ShareAsk;
import dev.penstock.kernel.rate.Units;
import dev.penstock.kernel.snapshot.PolicyContent.RateLimitRule;
import dev.penstock.proto.fleet.v1.RateShare;
import dev.penstock.proto.fleet.v1.RateShareAsk;
import dev.penstock.proto.fleet.v1.RateShareGrant;
import dev.penstock.proto.fleet.v1.RateShareRequest;
import dev.penstock.proto.fleet.v1.RateUnits;
import java.util.List;

/** Shares of rate limits, as nodes ask for them and get them. */
final class RateShareWire {

  private static final int MAX_ASKS = 1_000;

  private RateShareWire() {}

  /**
   * @throws IllegalArgumentException where it is not sound
   */
  static NodeSaid read(RateShareRequest from) {
    if (from.getAsksCount() > MAX_ASKS) {
      throw new IllegalArgumentException(
          "asks: %d (expected: at most %d)".formatted(from.getAsksCount(), MAX_ASKS));
    }
    return new NodeSaid.SharesAsked(from.getAsksList().stream().map(RateShareWire::asked).toList());
  }

  private static Asked asked(RateShareAsk from) {
    boolean isReserve = from.getTenant().isEmpty() && from.getName().isEmpty();
    return new Asked(
        isReserve
            ? new Limit("", "")
            : new Limit(
                Limits.name("tenant", from.getTenant()), Limits.name("name", from.getName())),
        new ShareAsk(
            Limits.number("number", from.getNumber(), Long.MAX_VALUE),
            units("held", from.getHeld()),
            units("want", from.getWant())));
  }

  private static Units units(String field, RateUnits from) {
    return new Units(
        Limits.number(field + ".requests", from.getRequests(), RateLimitRule.MOST),
        Limits.number(field + ".tokens", from.getTokens(), RateLimitRule.MOST),
        Limits.number(field + ".streams", from.getStreams(), RateLimitRule.MOST));
  }

  static RateShareGrant write(List<Granted> shares) {
    RateShareGrant.Builder to = RateShareGrant.newBuilder();
    for (Granted share : shares) {
      to.addShares(
          RateShare.newBuilder()
              .setTenant(share.limit().tenant())
              .setName(share.limit().name())
              .setNumber(share.grant().number())
              .setGranted(units(share.grant().granted()))
              .setFresh(units(share.grant().fresh()))
              .setValidMillis(share.valid().toMillis()));
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
}
