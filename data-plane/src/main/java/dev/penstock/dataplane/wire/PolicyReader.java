package dev.penstock.dataplane.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.penstock.dataplane.snapshot.ResourceReader;
import dev.penstock.kernel.guard.Guard;
import dev.penstock.kernel.guard.GuardRef;
import dev.penstock.kernel.money.TokenPrice;
import dev.penstock.kernel.policy.EffectivePolicy;
import dev.penstock.kernel.policy.ObservedRules;
import dev.penstock.kernel.policy.UnknownPrice;
import dev.penstock.kernel.snapshot.BudgetScope;
import dev.penstock.kernel.snapshot.ClientGone;
import dev.penstock.kernel.snapshot.Compatibility;
import dev.penstock.kernel.snapshot.Downgrade;
import dev.penstock.kernel.snapshot.ModelTrait;
import dev.penstock.kernel.snapshot.PolicyContent;
import dev.penstock.kernel.snapshot.PolicyContent.BudgetRule;
import dev.penstock.kernel.snapshot.PolicyContent.KeyRule;
import dev.penstock.kernel.snapshot.PolicyContent.RateLimitRule;
import dev.penstock.kernel.snapshot.PolicyContent.SealedPepper;
import dev.penstock.kernel.snapshot.PolicyContent.SealedSecret;
import dev.penstock.kernel.snapshot.PolicyContent.TenantPolicy;
import dev.penstock.kernel.snapshot.Resource;
import dev.penstock.kernel.snapshot.ResourceError;
import dev.penstock.kernel.snapshot.ResourceError.Code;
import dev.penstock.kernel.snapshot.ResourceKeys;
import dev.penstock.proto.policy.v1.ApiKey;
import dev.penstock.proto.policy.v1.ApiKeys;
import dev.penstock.proto.policy.v1.Budget;
import dev.penstock.proto.policy.v1.Deployment;
import dev.penstock.proto.policy.v1.GuardUse;
import dev.penstock.proto.policy.v1.Guards;
import dev.penstock.proto.policy.v1.Model;
import dev.penstock.proto.policy.v1.Observed;
import dev.penstock.proto.policy.v1.Pepper;
import dev.penstock.proto.policy.v1.Provider;
import dev.penstock.proto.policy.v1.RateLimit;
import dev.penstock.proto.policy.v1.Route;
import dev.penstock.proto.policy.v1.Routes;
import dev.penstock.proto.policy.v1.Secret;
import dev.penstock.proto.policy.v1.ServiceAccount;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads the resources of a snapshot. What a payload says it is must be what its key says: a shard
 * of one tenant's keys cannot define another tenant's.
 */
public final class PolicyReader implements ResourceReader {

  @Override
  public Read read(List<Resource> resources) {
    return new Reading().read(resources);
  }

  /** One snapshot's reading: what has been found so far. */
  private static final class Reading {

    private final Map<String, TenantPolicy> tenants = new HashMap<>();
    private final Map<String, KeyRule> keys = new HashMap<>();
    private final Map<String, PolicyContent.Model> models = new HashMap<>();
    private final Map<String, PolicyContent.Provider> providers = new HashMap<>();
    private final Map<String, SealedSecret> secrets = new HashMap<>();
    private final Map<Integer, SealedPepper> peppers = new HashMap<>();
    private final Map<String, Map<String, PolicyContent.RouteRule>> routes = new HashMap<>();
    private final Map<String, Map<String, Guard>> guards = new HashMap<>();
    private final List<ResourceError> errors = new ArrayList<>();

    /** Most tenants may use what their ancestors may: one set in memory serves all of these. */
    private final Map<Set<String>, Set<String>> modelSets = new HashMap<>();

    Read read(List<Resource> resources) {
      for (Resource resource : resources) {
        try {
          readOne(resource.key(), ByteString.copyFrom(resource.payload()));
        } catch (InvalidProtocolBufferException malformed) {
          report(resource.key(), Code.UNPARSABLE, "not a message of the kind its key says");
        } catch (IllegalArgumentException bad) {
          report(resource.key(), Code.BAD_VALUE, String.valueOf(bad.getMessage()));
        }
      }
      return new Read(
          new PolicyContent(tenants, keys, models, providers, secrets, peppers, routes, guards),
          errors);
    }

    private void readOne(String key, ByteString payload) throws InvalidProtocolBufferException {
      if (ResourceKeys.isTenantPolicy(key)) {
        tenant(key, dev.penstock.proto.policy.v1.TenantPolicy.parseFrom(payload));
      } else if (ResourceKeys.isTenantRoutes(key)) {
        routes(key, Routes.parseFrom(payload));
      } else if (ResourceKeys.isTenantGuards(key)) {
        guards(key, Guards.parseFrom(payload));
      } else if (key.startsWith(ResourceKeys.TENANT)) {
        apiKeys(key, ApiKeys.parseFrom(payload));
      } else if (key.startsWith(ResourceKeys.MODEL)) {
        model(key, Model.parseFrom(payload));
      } else if (key.startsWith(ResourceKeys.PROVIDER)) {
        provider(key, Provider.parseFrom(payload));
      } else if (key.startsWith(ResourceKeys.SECRET)) {
        secret(key, Secret.parseFrom(payload));
      } else if (key.startsWith(ResourceKeys.PEPPER)) {
        pepper(key, Pepper.parseFrom(payload));
      } else {
        report(key, Code.UNSUPPORTED, "a kind of resource that this build does not know");
      }
    }

    private void tenant(String key, dev.penstock.proto.policy.v1.TenantPolicy from) {
      expect(key, ResourceKeys.tenantPolicy(from.getTenant()));
      Optional<Set<String>> residency =
          from.hasResidency()
              ? Optional.of(new HashSet<>(from.getResidency().getRegionsList()))
              : Optional.empty();
      EffectivePolicy policy =
          new EffectivePolicy(
              from.getTenantPathList(),
              shared(Set.copyOf(from.getAllowedModelsList())),
              residency,
              from.getTagsMap(),
              new HashSet<>(from.getRequiredTagsList()),
              unknownPrice(from.getUnknownPrice()),
              from.hasObserved() ? observed(from.getObserved()) : ObservedRules.NONE,
              unlessEmpty(from.getSuspendedBy()),
              from.getMaxStalenessMs() > 0
                  ? Optional.of(Duration.ofMillis(from.getMaxStalenessMs()))
                  : Optional.empty(),
              from.getGuardsList().stream().map(Reading::guardUse).toList(),
              from.getHipaa());
      tenants.put(
          from.getTenant(),
          new TenantPolicy(
              from.getTenant(),
              policy,
              from.getBudgetsList().stream().map(Reading::budget).toList(),
              from.getRateLimitsList().stream().map(Reading::rateLimit).toList(),
              new HashSet<>(from.getRequiresList()),
              from.getServiceAccountsList().stream()
                  .map(account -> serviceAccount(from.getTenant(), account))
                  .toList()));
    }

    private static dev.penstock.kernel.snapshot.ServiceAccount serviceAccount(
        String tenant, ServiceAccount from) {
      return new dev.penstock.kernel.snapshot.ServiceAccount(
          HexFormat.of().formatHex(from.getClientHash().toByteArray()), tenant, from.getName());
    }

    private Set<String> shared(Set<String> models) {
      return modelSets.computeIfAbsent(models, first -> first);
    }

    private static GuardRef guardUse(GuardUse from) {
      return new GuardRef(from.getTenant(), from.getName(), from.getObserved());
    }

    private static ObservedRules observed(Observed from) {
      return new ObservedRules(
          from.hasAllowedModels()
              ? Optional.of(new HashSet<>(from.getAllowedModels().getModelsList()))
              : Optional.empty(),
          from.hasResidency()
              ? Optional.of(new HashSet<>(from.getResidency().getRegionsList()))
              : Optional.empty(),
          new HashSet<>(from.getRequiredTagsList()),
          from.hasUnknownPrice()
              ? Optional.of(unknownPrice(from.getUnknownPrice()))
              : Optional.empty(),
          from.getAnyModel(),
          from.getKeyModels());
    }

    private static UnknownPrice unknownPrice(dev.penstock.proto.policy.v1.UnknownPrice from) {
      return from.hasCeilingNanoUsdPerMillionTokens()
          ? new UnknownPrice.Ceiling(new TokenPrice(from.getCeilingNanoUsdPerMillionTokens()))
          : new UnknownPrice.Refuse();
    }

    private static RateLimitRule rateLimit(RateLimit from) {
      return new RateLimitRule(
          from.getTenant(),
          from.getName(),
          unlessEmpty(from.getApiKey()),
          unlessEmpty(from.getModel()),
          from.getRequestsPerMinute(),
          from.getTokensPerMinute(),
          from.getConcurrentStreams(),
          from.getObserved());
    }

    private static BudgetRule budget(Budget from) {
      return new BudgetRule(
          from.getBudgetId(),
          from.getTenant(),
          from.getName(),
          new BudgetScope(
              unlessEmpty(from.getApiKey()),
              unlessEmpty(from.getSubject()),
              unlessEmpty(from.getModel()),
              unlessEmpty(from.getProvider()),
              from.hasTag()
                  ? Optional.of(
                      new BudgetScope.Tag(from.getTag().getName(), from.getTag().getValue()))
                  : Optional.empty()),
          from.getDowngradesList().stream()
              .map(each -> new Downgrade(each.getAtPercent(), each.getRoute()))
              .toList(),
          from.getClampToFit());
    }

    private static Optional<String> unlessEmpty(String text) {
      return Optional.of(text).filter(some -> !some.isEmpty());
    }

    private void apiKeys(String key, ApiKeys from) {
      for (ApiKey apiKey : from.getKeysList()) {
        if (!key.startsWith(ResourceKeys.TENANT + apiKey.getTenant() + "/keys/")) {
          throw new IllegalArgumentException("holds a key of tenant " + apiKey.getTenant());
        }
        if (keys.containsKey(apiKey.getId())) {
          throw new IllegalArgumentException("key id " + apiKey.getId() + " exists twice");
        }
        keys.put(
            apiKey.getId(),
            new KeyRule(
                apiKey.getId(),
                apiKey.getHash().toByteArray(),
                apiKey.getPepperVersion(),
                apiKey.getTenant(),
                apiKey.getName(),
                new HashSet<>(apiKey.getModelsList()),
                apiKey.getTagsMap(),
                apiKey.getExpiresAtUnixMs(),
                apiKey.getRevoked()));
      }
    }

    private void routes(String key, Routes from) {
      expect(key, ResourceKeys.routes(from.getTenant()));
      Map<String, PolicyContent.RouteRule> byModel = new HashMap<>();
      for (Route route : from.getRoutesList()) {
        byModel.put(route.getModel(), RouteReader.route(from.getTenant(), route));
      }
      routes.put(from.getTenant(), Map.copyOf(byModel));
    }

    private void guards(String key, Guards from) {
      expect(key, ResourceKeys.guards(from.getTenant()));
      Map<String, Guard> byName = new HashMap<>();
      for (dev.penstock.proto.policy.v1.Guard guard : from.getGuardsList()) {
        byName.put(guard.getName(), GuardReader.guard(from.getTenant(), guard));
      }
      guards.put(from.getTenant(), Map.copyOf(byName));
    }

    private void model(String key, Model from) {
      expect(key, ResourceKeys.model(from.getName()));
      models.put(
          from.getName(),
          new PolicyContent.Model(
              from.getName(),
              Integer.toUnsignedLong(from.getContextTokens()),
              Integer.toUnsignedLong(from.getMaxOutputTokens()),
              PriceReader.prices(from.getPricesList()),
              from.getDeploymentsList().stream().map(Reading::deployment).toList(),
              traits(from)));
    }

    /** Those that this build knows; without another one the provider refuses what it must. */
    private static Set<ModelTrait> traits(Model from) {
      return from.getTraitsList().stream()
          .flatMap(word -> ModelTrait.of(word).stream())
          .collect(Collectors.toSet());
    }

    private static PolicyContent.Deployment deployment(Deployment from) {
      return new PolicyContent.Deployment(
          from.getName(),
          from.getProvider(),
          from.getUpstreamModel(),
          from.getWeight(),
          PriceReader.prices(from.getPricesList()));
    }

    private void provider(String key, Provider from) {
      expect(key, ResourceKeys.provider(from.getName()));
      providers.put(
          from.getName(),
          new PolicyContent.Provider(
              from.getName(),
              from.getProtocol(),
              from.getApiVersion(),
              from.getBaseUrl(),
              from.getRegion(),
              from.getSecretKey(),
              new HashSet<>(from.getComplianceList()),
              clientGone(from.getOnClientGone()),
              Compatibility.of(from.getCompatibility())
                  .orElseThrow(() ->
                      new IllegalArgumentException(
                          "compatibility is " + from.getCompatibility() + ", unknown here"))));
    }

    private static ClientGone clientGone(String word) {
      return word.isEmpty()
          ? ClientGone.CANCEL
          : ClientGone.of(word)
              .orElseThrow(() ->
                  new IllegalArgumentException("on_client_gone is " + word + ", unknown here"));
    }

    private void secret(String key, Secret from) {
      expect(key, ResourceKeys.secret(from.getTenant(), from.getName()));
      secrets.put(
          key,
          new SealedSecret(
              from.getTenant(),
              from.getName(),
              from.getVersion(),
              from.getSealed().toByteArray(),
              new HashSet<>(from.getRegionsList())));
    }

    private void pepper(String key, Pepper from) {
      expect(key, ResourceKeys.pepper(from.getVersion()));
      peppers.put(
          from.getVersion(), new SealedPepper(from.getVersion(), from.getSealed().toByteArray()));
    }

    private static void expect(String key, String says) {
      if (!key.equals(says)) {
        throw new IllegalArgumentException("says that it is " + says);
      }
    }

    private void report(String key, Code code, String message) {
      errors.add(new ResourceError(key, code, message));
    }
  }
}
