package dev.penstock.controlplane.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import dev.penstock.kernel.guard.GuardRef;
import dev.penstock.kernel.money.TokenPrice;
import dev.penstock.kernel.policy.EffectivePolicy;
import dev.penstock.kernel.policy.ObservedRules;
import dev.penstock.kernel.policy.UnknownPrice;
import dev.penstock.kernel.snapshot.BudgetScope;
import dev.penstock.kernel.snapshot.ClientGone;
import dev.penstock.kernel.snapshot.ModelTrait;
import dev.penstock.kernel.snapshot.PolicyContent;
import dev.penstock.kernel.snapshot.Resource;
import dev.penstock.kernel.snapshot.ResourceKeys;
import dev.penstock.kernel.snapshot.SnapshotLimits;
import dev.penstock.proto.policy.v1.AllowedModels;
import dev.penstock.proto.policy.v1.ApiKey;
import dev.penstock.proto.policy.v1.ApiKeys;
import dev.penstock.proto.policy.v1.Budget;
import dev.penstock.proto.policy.v1.BudgetTag;
import dev.penstock.proto.policy.v1.Deployment;
import dev.penstock.proto.policy.v1.Downgrade;
import dev.penstock.proto.policy.v1.GuardUse;
import dev.penstock.proto.policy.v1.Model;
import dev.penstock.proto.policy.v1.Observed;
import dev.penstock.proto.policy.v1.Pepper;
import dev.penstock.proto.policy.v1.Provider;
import dev.penstock.proto.policy.v1.RateLimit;
import dev.penstock.proto.policy.v1.Residency;
import dev.penstock.proto.policy.v1.Secret;
import dev.penstock.proto.policy.v1.ServiceAccount;
import dev.penstock.proto.policy.v1.TenantPolicy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes the content of a snapshot as the resources that nodes read. The same content gives the
 * same bytes: everything without an order of its own is sorted.
 */
public final class PolicyEncoder {

  /** Spreads hash codes (2^32 divided by the golden ratio); the upper half is well mixed. */
  private static final int SPREAD = 0x9E3779B9;

  private static final int SHIFT = 16;

  private PolicyEncoder() {}

  /** The resources, sorted by key. */
  public static List<Resource> encode(PolicyContent content) {
    List<Resource> resources = new ArrayList<>();
    content
        .tenants()
        .forEach((name, t) -> resources.add(resource(ResourceKeys.tenantPolicy(name), tenant(t))));
    addKeys(content, resources);
    content
        .routes()
        .forEach((tenant, routes) ->
            resources.add(
                resource(ResourceKeys.routes(tenant), RouteEncoder.routes(tenant, routes))));
    content
        .guards()
        .forEach((tenant, guards) ->
            resources.add(
                resource(ResourceKeys.guards(tenant), GuardEncoder.guards(tenant, guards))));
    content
        .models()
        .forEach((name, model) -> resources.add(resource(ResourceKeys.model(name), model(model))));
    content
        .providers()
        .forEach((name, p) -> resources.add(resource(ResourceKeys.provider(name), provider(p))));
    content.secrets().forEach((key, secret) -> resources.add(resource(key, secret(secret))));
    content
        .peppers()
        .forEach((version, pepper) ->
            resources.add(resource(ResourceKeys.pepper(version), pepper(pepper))));
    resources.sort(Comparator.comparing(Resource::key));
    return List.copyOf(resources);
  }

  /** The keys of a content's resources. */
  public static Set<String> keysOf(PolicyContent content) {
    Set<String> keys = new HashSet<>();
    content.tenants().keySet().forEach(name -> keys.add(ResourceKeys.tenantPolicy(name)));
    List<Resource> apiKeys = new ArrayList<>();
    addKeys(content, apiKeys);
    apiKeys.forEach(resource -> keys.add(resource.key()));
    content.routes().keySet().forEach(tenant -> keys.add(ResourceKeys.routes(tenant)));
    content.guards().keySet().forEach(tenant -> keys.add(ResourceKeys.guards(tenant)));
    content.models().keySet().forEach(name -> keys.add(ResourceKeys.model(name)));
    content.providers().keySet().forEach(name -> keys.add(ResourceKeys.provider(name)));
    keys.addAll(content.secrets().keySet());
    content.peppers().keySet().forEach(version -> keys.add(ResourceKeys.pepper(version)));
    return keys;
  }

  private static void addKeys(PolicyContent content, List<Resource> resources) {
    content.keysById().values().stream()
        .collect(Collectors.groupingBy(PolicyContent.KeyRule::tenant))
        .forEach((tenant, keys) -> resources.addAll(keys(tenant, keys)));
  }

  /**
   * The resources of one tenant's keys. A key's shard follows from its id, so that one key changes
   * one small resource; the number of shards is a power of two and grows with the keys.
   */
  public static List<Resource> keys(String tenant, List<PolicyContent.KeyRule> keys) {
    int shards = 1;
    while (keys.size() > shards * SnapshotLimits.KEYS_PER_SHARD) {
      shards *= 2;
    }
    int last = shards - 1;
    return keys.stream()
        .sorted(Comparator.comparing(PolicyContent.KeyRule::id))
        .collect(Collectors.groupingBy(key -> (key.id().hashCode() * SPREAD >>> SHIFT) & last))
        .entrySet()
        .stream()
        .map(
            shard -> resource(ResourceKeys.apiKeys(tenant, shard.getKey()), keys(shard.getValue())))
        .toList();
  }

  private static TenantPolicy tenant(PolicyContent.TenantPolicy tenant) {
    EffectivePolicy policy = tenant.policy();
    TenantPolicy.Builder message =
        TenantPolicy.newBuilder()
            .setTenant(tenant.tenant())
            .addAllTenantPath(policy.tenantPath())
            .addAllAllowedModels(sorted(policy.allowedModels()))
            .putAllTags(policy.tags())
            .addAllRequiredTags(sorted(policy.requiredTags()))
            .setUnknownPrice(unknownPrice(policy.unknownPrice()))
            .addAllRequires(sorted(tenant.requires()))
            .setHipaa(policy.hipaa());
    policy
        .residency()
        .ifPresent(
            regions -> message.setResidency(Residency.newBuilder().addAllRegions(sorted(regions))));
    if (!policy.observed().equals(ObservedRules.NONE)) {
      message.setObserved(observed(policy.observed()));
    }
    policy.suspendedBy().ifPresent(message::setSuspendedBy);
    policy.maxStaleness().ifPresent(most -> message.setMaxStalenessMs(most.toMillis()));
    tenant.budgets().forEach(budget -> message.addBudgets(budget(budget)));
    tenant.rateLimits().forEach(limit -> message.addRateLimits(rateLimit(limit)));
    policy.guards().forEach(guard -> message.addGuards(guardUse(guard)));
    tenant.serviceAccounts().stream()
        .sorted(Comparator.comparing(dev.penstock.kernel.snapshot.ServiceAccount::clientHash))
        .forEach(account -> message.addServiceAccounts(serviceAccount(account)));
    return message.build();
  }

  private static ServiceAccount serviceAccount(
      dev.penstock.kernel.snapshot.ServiceAccount account) {
    return ServiceAccount.newBuilder()
        .setClientHash(ByteString.copyFrom(HexFormat.of().parseHex(account.clientHash())))
        .setName(account.name())
        .build();
  }

  private static GuardUse guardUse(GuardRef guard) {
    return GuardUse.newBuilder()
        .setTenant(guard.tenant())
        .setName(guard.name())
        .setObserved(guard.observed())
        .build();
  }

  private static Observed observed(ObservedRules rules) {
    Observed.Builder message =
        Observed.newBuilder()
            .addAllRequiredTags(sorted(rules.requiredTags()))
            .setAnyModel(rules.anyModel())
            .setKeyModels(rules.keyModels());
    rules
        .allowedModels()
        .ifPresent(models ->
            message.setAllowedModels(AllowedModels.newBuilder().addAllModels(sorted(models))));
    rules
        .residency()
        .ifPresent(
            regions -> message.setResidency(Residency.newBuilder().addAllRegions(sorted(regions))));
    rules.unknownPrice().ifPresent(price -> message.setUnknownPrice(unknownPrice(price)));
    return message.build();
  }

  private static dev.penstock.proto.policy.v1.UnknownPrice unknownPrice(UnknownPrice price) {
    var message = dev.penstock.proto.policy.v1.UnknownPrice.newBuilder();
    return switch (price) {
      case UnknownPrice.Refuse refuse -> message.build();
      case UnknownPrice.Ceiling(TokenPrice ceiling) ->
          message.setCeilingNanoUsdPerMillionTokens(ceiling.nanoUsdPerMillion()).build();
    };
  }

  private static Budget budget(PolicyContent.BudgetRule budget) {
    BudgetScope scope = budget.scope();
    Budget.Builder message =
        Budget.newBuilder()
            .setBudgetId(budget.budgetId())
            .setTenant(budget.tenant())
            .setName(budget.name())
            .setApiKey(scope.apiKey().orElse(""))
            .setSubject(scope.subject().orElse(""))
            .setModel(scope.model().orElse(""))
            .setProvider(scope.provider().orElse(""))
            .setClampToFit(budget.clampToFit());
    scope
        .tag()
        .ifPresent(tag ->
            message.setTag(BudgetTag.newBuilder().setName(tag.name()).setValue(tag.value())));
    budget
        .downgrades()
        .forEach(each ->
            message.addDowngrades(
                Downgrade.newBuilder().setAtPercent(each.atPercent()).setRoute(each.route())));
    return message.build();
  }

  private static RateLimit rateLimit(PolicyContent.RateLimitRule limit) {
    return RateLimit.newBuilder()
        .setTenant(limit.tenant())
        .setName(limit.name())
        .setApiKey(limit.apiKey().orElse(""))
        .setModel(limit.model().orElse(""))
        .setRequestsPerMinute(limit.requestsPerMinute())
        .setTokensPerMinute(limit.tokensPerMinute())
        .setConcurrentStreams(limit.concurrentStreams())
        .setObserved(limit.observed())
        .build();
  }

  private static ApiKeys keys(List<PolicyContent.KeyRule> keys) {
    ApiKeys.Builder message = ApiKeys.newBuilder();
    for (PolicyContent.KeyRule key : keys) {
      message.addKeys(
          ApiKey.newBuilder()
              .setId(key.id())
              .setHash(ByteString.copyFrom(key.hash()))
              .setPepperVersion(key.pepperVersion())
              .setTenant(key.tenant())
              .setName(key.name())
              .addAllModels(sorted(key.models()))
              .putAllTags(key.tags())
              .setExpiresAtUnixMs(key.expiresAtUnixMillis())
              .setRevoked(key.revoked()));
    }
    return message.build();
  }

  private static Model model(PolicyContent.Model model) {
    Model.Builder message =
        Model.newBuilder()
            .setName(model.name())
            .setContextTokens((int) model.contextTokens())
            .setMaxOutputTokens((int) model.maxOutputTokens())
            .addAllPrices(PriceEncoder.prices(model.prices()))
            .addAllTraits(model.traits().stream().map(ModelTrait::word).sorted().toList());
    for (PolicyContent.Deployment deployment : model.deployments()) {
      message.addDeployments(
          Deployment.newBuilder()
              .setName(deployment.name())
              .setProvider(deployment.provider())
              .setUpstreamModel(deployment.upstreamModel())
              .setWeight(deployment.weight())
              .addAllPrices(PriceEncoder.prices(deployment.prices())));
    }
    return message.build();
  }

  private static Provider provider(PolicyContent.Provider provider) {
    return Provider.newBuilder()
        .setName(provider.name())
        .setProtocol(provider.protocol())
        .setApiVersion(provider.apiVersion())
        .setBaseUrl(provider.baseUrl())
        .setRegion(provider.region())
        .setSecretKey(provider.secretKey())
        .addAllCompliance(sorted(provider.compliance()))
        .setOnClientGone(
            provider.onClientGone() == ClientGone.CANCEL ? "" : provider.onClientGone().word())
        .setCompatibility(provider.compatibility().word())
        .build();
  }

  private static Secret secret(PolicyContent.SealedSecret secret) {
    return Secret.newBuilder()
        .setTenant(secret.tenant())
        .setName(secret.name())
        .setVersion(secret.version())
        .setSealed(ByteString.copyFrom(secret.sealed()))
        .addAllRegions(sorted(secret.regions()))
        .build();
  }

  private static Pepper pepper(PolicyContent.SealedPepper pepper) {
    return Pepper.newBuilder()
        .setVersion(pepper.version())
        .setSealed(ByteString.copyFrom(pepper.sealed()))
        .build();
  }

  private static List<String> sorted(Collection<String> texts) {
    return texts.stream().sorted().toList();
  }

  private static Resource resource(String key, MessageLite message) {
    byte[] bytes = new byte[message.getSerializedSize()];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.useDeterministicSerialization(); // else the order of a map's entries is nobody's promise
    try {
      message.writeTo(out);
      out.checkNoSpaceLeft();
    } catch (IOException impossible) {
      throw new IllegalStateException("writing to memory", impossible);
    }
    return new Resource(key, bytes);
  }
}
