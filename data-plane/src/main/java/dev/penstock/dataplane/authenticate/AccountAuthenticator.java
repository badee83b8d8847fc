package dev.penstock.dataplane.authenticate;

import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.Stage.Arrived;
import dev.penstock.dataplane.exchange.Stage.Identified;
import dev.penstock.dataplane.journal.ExchangeRecord.Caller;
import dev.penstock.dataplane.snapshot.CurrentSnapshot;
import dev.penstock.dataplane.snapshot.ServingSnapshot;
import dev.penstock.dataplane.token.TokenCheck;
import dev.penstock.dataplane.token.TokenFault;
import dev.penstock.dataplane.token.Verdict;
import dev.penstock.dataplane.token.VerifiedToken;
import dev.penstock.kernel.policy.EffectivePolicy;
import dev.penstock.kernel.policy.TenantAlias;
import dev.penstock.kernel.snapshot.ModelGate;
import dev.penstock.kernel.snapshot.PolicyContent.TenantPolicy;
import dev.penstock.kernel.snapshot.ServiceAccount;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Makes a service account of a token. The identity provider says which client asks and in which
 * organization; whether that is a service account of that tenant says the snapshot alone.
 */
public final class AccountAuthenticator {

  private static final int RETRY_MILLIS = 1_000;

  private final TokenCheck tokens;

  public AccountAuthenticator(TokenCheck tokens) {
    this.tokens = tokens;
  }

  /** Whose it is says the snapshot in force once the token is proven: that may have had to wait. */
  Future<Identified> identify(Arrived arrived, CurrentSnapshot snapshots, String token) {
    return tokens
        .check(token)
        .compose(verdict ->
            switch (verdict) {
              case Verdict.Good(VerifiedToken good) ->
                  identify(
                      arrived,
                      Objects.requireNonNull(snapshots.get(), "once there, there is one"),
                      good);
              case Verdict.Bad(TokenFault fault) -> refuse(arrived, fault);
              case Verdict.Undecided() ->
                  Authenticator.refuse(
                      arrived,
                      "no keys of the identity provider",
                      Refusal.retryable(
                          Code.POLICY_STALE,
                          "This gateway node has no keys of the identity provider to check the token"
                              + " with; try again shortly.",
                          RETRY_MILLIS));
            });
  }

  private static Future<Identified> identify(
      Arrived arrived, ServingSnapshot snapshot, VerifiedToken token) {
    arrived.trace().decidedBy(snapshot.revision());
    Optional<ServiceAccount> account =
        Optional.ofNullable(snapshot.content().serviceAccounts().get(token.clientHash()))
            .filter(found -> isOf(found, token.organization()));
    Optional<TenantPolicy> tenant =
        account.map(found -> snapshot.content().tenants().get(found.tenant()));
    if (tenant.isEmpty()) {
      return Authenticator.refuse(
          arrived,
          "client is no service account of the tenant",
          notAccepted(
              Code.INVALID_API_KEY,
              "its client is no service account of the tenant that it names"));
    }
    EffectivePolicy policy = tenant.get().policy();
    arrived
        .trace()
        .identified(
            new Caller(
                account.get().tenant(),
                policy.tenantPath(),
                "",
                "",
                subject(account.get(), token),
                Map.of()));
    if (policy.suspendedBy().isPresent()) {
      return Authenticator.refuseSuspended(arrived, policy.suspendedBy().get(), "service account");
    }
    if (snapshot.revokedKeyIds().contains(token.clientHash())) {
      // By a message that has overtaken the snapshot, and does not say which of the two it was.
      return Authenticator.refuse(
          arrived,
          "service account is revoked",
          Refusal.of(
              Code.KEY_REVOKED,
              "This service account was taken away, or its tenant is suspended; ask the tenant's"
                  + " administrator."));
    }
    arrived.trace().pass(Authenticator.STEP, "service account " + subject(account.get(), token));
    return Future.succeededFuture(
        new Identified(
            arrived, snapshot, account.get(), tenant.get(), ModelGate.of(policy, account.get())));
  }

  /**
   * A tenant that may not be here is known by an alias, which cannot be compared; its clients' ids
   * name it themselves, and it is refused one step on in any case.
   */
  private static boolean isOf(ServiceAccount account, String organization) {
    return TenantAlias.isAlias(account.tenant()) || account.tenant().equals(organization);
  }

  /** The record of a tenant that may not be here holds no name of it either. */
  private static String subject(ServiceAccount account, VerifiedToken token) {
    return TenantAlias.isAlias(account.tenant()) ? token.clientHash() : token.clientId();
  }

  private static Future<Identified> refuse(Arrived arrived, TokenFault fault) {
    Code code =
        switch (fault) {
          case EXPIRED -> Code.KEY_EXPIRED;
          case MALFORMED, SIGNATURE, CLAIMS, TOO_LONG_LIVED, ORGANIZATION, CLIENT ->
              Code.INVALID_API_KEY;
        };
    return Authenticator.refuse(
        arrived, "token: " + fault.sentence(), notAccepted(code, fault.sentence()));
  }

  private static Refusal notAccepted(Code code, String why) {
    return Refusal.of(
        code,
        "The token is not accepted: %s. Send one that the identity provider has issued for a service"
                .formatted(why)
            + " account of your tenant (client credentials), or an API key.");
  }
}
