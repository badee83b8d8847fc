package dev.penstock.dataplane;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dataplane.budget.LeaseDesk;
import dev.penstock.dataplane.config.Cidr;
import dev.penstock.dataplane.config.DrainLimits;
import dev.penstock.dataplane.config.Limits;
import dev.penstock.dataplane.config.TokenIssuer;
import dev.penstock.dataplane.journal.Journal;
import dev.penstock.dataplane.ratelimit.RateShares;
import dev.penstock.dataplane.snapshot.Credential;
import dev.penstock.dataplane.snapshot.CurrentSnapshot;
import dev.penstock.dataplane.snapshot.ServingSnapshot;
import dev.penstock.dataplane.telemetry.ExchangeMetrics;
import dev.penstock.dataplane.token.TokenKit;
import dev.penstock.dataplane.upstream.ProviderAddresses;
import dev.penstock.kernel.apikey.ApiKey;
import dev.penstock.kernel.apikey.KeyHash;
import dev.penstock.kernel.guard.Detector;
import dev.penstock.kernel.guard.Guard;
import dev.penstock.kernel.guard.GuardRef;
import dev.penstock.kernel.guard.Side;
import dev.penstock.kernel.money.Price;
import dev.penstock.kernel.money.Rates;
import dev.penstock.kernel.money.TokenPrice;
import dev.penstock.kernel.policy.EffectivePolicy;
import dev.penstock.kernel.policy.Hipaa;
import dev.penstock.kernel.policy.ObservedRules;
import dev.penstock.kernel.policy.TenantAlias;
import dev.penstock.kernel.policy.UnknownPrice;
import dev.penstock.kernel.snapshot.ClientGone;
import dev.penstock.kernel.snapshot.Compatibility;
import dev.penstock.kernel.snapshot.ModelTrait;
import dev.penstock.kernel.snapshot.PolicyContent;
import dev.penstock.kernel.snapshot.PolicyContent.BudgetRule;
import dev.penstock.kernel.snapshot.PolicyContent.Deployment;
import dev.penstock.kernel.snapshot.PolicyContent.KeyRule;
import dev.penstock.kernel.snapshot.PolicyContent.Model;
import dev.penstock.kernel.snapshot.PolicyContent.Provider;
import dev.penstock.kernel.snapshot.PolicyContent.RateLimitRule;
import dev.penstock.kernel.snapshot.PolicyContent.RouteRule;
import dev.penstock.kernel.snapshot.PolicyContent.TenantPolicy;
import dev.penstock.kernel.snapshot.ServiceAccount;
import dev.penstock.proto.usage.v1.RequestRecord;
import dev.penstock.providersim.ProviderSim;
import dev.penstock.providersim.SimSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A node's traffic side on a real port, in front of a real provider simulator, with a snapshot made
 * by hand. What the node does with the control plane is tested elsewhere.
 */
final class NodeTester implements AutoCloseable {

  static final String PROVIDER_KEY = "sk-provider-canary";
  static final String REGION = "eu-west";
  static final Price PRICE =
      new Price(
          Instant.EPOCH,
          new Rates(
              new TokenPrice(2_500),
              Optional.of(new TokenPrice(1_250)),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              new TokenPrice(10_000),
              Optional.empty(),
              Optional.empty()));

  final ProviderSim sim = ProviderSim.start(SimSettings.onAnyPort(PROVIDER_KEY));
  final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  final CurrentSnapshot snapshots = new CurrentSnapshot();
  final MeterRegistry meters = new SimpleMeterRegistry();
  final LeaseDesk leases;
  final RecordingSpool spool;
  final NodeParts parts;

  /** Of a control plane that only counts nodes, as long as no test says otherwise. */
  final RateShares rateShares = new RateShares(1);

  final int port;
  private final ApiKey key = ApiKey.mint("test", new SecureRandom());
  private final byte[] pepper = new byte[32];
  private final Path dataDir;
  private final Vertx vertx = Vertx.vertx();
  private final List<Model> models = new ArrayList<>();
  private final Map<String, Provider> providers = new HashMap<>();
  private final Map<String, Map<String, RouteRule>> routes = new HashMap<>();
  private Optional<Set<String>> residency = Optional.empty();
  private Set<String> allowed = Set.of();
  private UnknownPrice unknownPrice = new UnknownPrice.Refuse();
  private Set<String> requiredTags = Set.of();
  private Set<String> keyModels = Set.of();
  private ObservedRules observed = ObservedRules.NONE;
  private Optional<String> suspendedBy = Optional.empty();
  private List<RateLimitRule> rateLimits = List.of();
  private List<BudgetRule> budgets = List.of();
  private final List<GuardRef> guardRefs = new ArrayList<>();
  private final Map<String, Map<String, Guard>> guards = new HashMap<>();
  private Optional<Duration> maxStaleness = Optional.empty();
  private boolean hipaa;
  private List<String> accounts = List.of();
  private String tenant = "acme";
  private long revision;

  NodeTester() {
    this(Limits.DEFAULTS);
  }

  /** A node whose limits can be waited for. */
  static NodeTester impatient() {
    return new NodeTester(
        ChangedLimits.of(
            Map.of(
                "maxBodyBytes", 64 * 1024,
                "headers", Duration.ofSeconds(1),
                "body", Duration.ofSeconds(5),
                "connect", Duration.ofSeconds(2),
                "firstToken", Duration.ofMillis(1_500),
                "idle", Duration.ofSeconds(2),
                "total", Duration.ofMinutes(1),
                "stalledClient", Duration.ofMinutes(1))));
  }

  /** A node with these limits for providers whose clients have left. */
  static NodeTester draining(DrainLimits drains) {
    return new NodeTester(ChangedLimits.of(Map.of("drains", drains)));
  }

  /** A node that shows its clients after so long that their streams go on. */
  static NodeTester keepingAlive(Duration after) {
    return new NodeTester(ChangedLimits.of(Map.of("keepAlive", after)));
  }

  NodeTester(Limits limits) {
    this(limits, Optional.empty());
  }

  /** A node that takes tokens, too. */
  static NodeTester taking(TokenIssuer issuer) {
    return new NodeTester(Limits.DEFAULTS, Optional.of(issuer));
  }

  private NodeTester(Limits limits, Optional<TokenIssuer> issuer) {
    try {
      dataDir = Files.createTempDirectory("penstock-node");
      spool = RecordingSpool.open(dataDir);
      leases = new LeaseDesk(spool.spool());
      try (ServerSocket free = new ServerSocket(0)) {
        port = free.getLocalPort();
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    ExchangeMetrics metrics = new ExchangeMetrics(meters);
    rateShares.onConnected(false);
    parts =
        new NodeParts(
            REGION,
            limits,
            snapshots,
            leases,
            new Journal(spool.spool(), metrics),
            metrics,
            new ProviderAddresses(vertx, List.of(Cidr.of("127.0.0.0/8"))),
            rateShares,
            issuer.map(it -> new NodeParts.Tokens(it, TokenKit.keys(vertx, it))));
    await(vertx.deployVerticle(new TrafficVerticle(parts, "127.0.0.1", port)));
  }

  /** Adds a model without a price. */
  NodeTester modelWithoutPrice(String name, String script) {
    provider("sim", REGION, sim.baseUrl());
    models.add(
        new Model(
            name,
            0,
            100,
            List.of(),
            List.of(new Deployment(name + "-0", "sim", script, 1, List.of()))));
    return this;
  }

  NodeTester unknownPrice(UnknownPrice price) {
    unknownPrice = price;
    return this;
  }

  /**
   * Adds a model whose deployments ask the simulator for these scripts, in this order of weight.
   */
  NodeTester model(String name, String... scripts) {
    List<Deployment> deployments = new ArrayList<>();
    int weight = 1_000_000;
    for (String script : scripts) {
      deployments.add(
          new Deployment(name + "-" + deployments.size(), "sim", script, weight, List.of()));
      weight = 0;
    }
    provider("sim", REGION, sim.baseUrl());
    models.add(new Model(name, 0, 100, List.of(PRICE), deployments));
    return this;
  }

  NodeTester modelAt(String name, String provider, String script, ModelTrait... traits) {
    return modelAt(name, provider, script, PRICE, traits);
  }

  NodeTester modelAt(
      String name, String provider, String script, Price price, ModelTrait... traits) {
    models.add(
        new Model(
            name,
            0,
            100,
            List.of(price),
            List.of(new Deployment(name + "-0", provider, script, 1, List.of())),
            Set.of(traits)));
    return this;
  }

  /** Adds a model whose answers may be as long as that. */
  NodeTester modelUpTo(
      long maxOutputTokens, String name, String provider, String script, Price price) {
    models.add(
        new Model(
            name,
            0,
            maxOutputTokens,
            List.of(price),
            List.of(new Deployment(name + "-0", provider, script, 1, List.of()))));
    return this;
  }

  /** Adds the model {@code assistant} at the simulator, asked in that protocol. */
  NodeTester assistant(String protocol, String script, ModelTrait... traits) {
    String url =
        switch (protocol) {
          case "anthropic" -> sim.rootUrl();
          case "mistral" -> sim.mistralUrl();
          case "openai-compatible" -> sim.vllmUrl();
          default -> sim.baseUrl();
        };
    return provider("there", REGION, protocol, "", url)
        .modelAt("assistant", "there", script, traits);
  }

  NodeTester provider(String name, String region, String baseUrl) {
    return provider(name, region, "openai", "", baseUrl);
  }

  NodeTester provider(
      String name, String region, String protocol, String apiVersion, String baseUrl) {
    providers.put(
        name,
        new Provider(name, protocol, apiVersion, baseUrl, region, "secret/acme/sim", Set.of()));
    return this;
  }

  /** The simulator is read to its end when a client leaves. */
  NodeTester drained() {
    providers.computeIfPresent(
        "sim",
        (name, sim) ->
            new Provider(
                name,
                sim.protocol(),
                sim.apiVersion(),
                sim.baseUrl(),
                sim.region(),
                sim.secretKey(),
                sim.compliance(),
                ClientGone.DRAIN,
                sim.compatibility()));
    return this;
  }

  /** The simulator as a server of vLLM. */
  NodeTester vllm(String name) {
    providers.put(
        name,
        new Provider(
            name,
            "openai",
            "",
            sim.vllmUrl(),
            REGION,
            "secret/acme/sim",
            Set.of(),
            ClientGone.CANCEL,
            Compatibility.VLLM));
    return this;
  }

  /** Adds a route of the tenant. */
  NodeTester route(RouteRule route) {
    routes.put("acme", Map.of(route.model(), route));
    return this;
  }

  NodeTester residency(String... regions) {
    residency = Optional.of(Set.of(regions));
    return this;
  }

  NodeTester allowOnly(String... names) {
    allowed = Set.of(names);
    return this;
  }

  NodeTester keyFor(String... models) {
    keyModels = Set.of(models);
    return this;
  }

  NodeTester requireTags(String... names) {
    requiredTags = Set.of(names);
    return this;
  }

  /** What is only recorded. */
  NodeTester observe(ObservedRules rules) {
    observed = rules;
    return this;
  }

  /** Keys come as revoked, as the control plane compiles them. */
  NodeTester suspend(String tenant) {
    suspendedBy = Optional.of(tenant);
    return publish(true, 0);
  }

  NodeTester maxStaleness(Duration most) {
    maxStaleness = Optional.of(most);
    return this;
  }

  /**
   * The tenant is in HIPAA mode, with the limit of staleness that a control plane compiles for it.
   */
  NodeTester hipaa() {
    hipaa = true;
    return maxStaleness(Hipaa.MOST_STALENESS);
  }

  /** With these providers there is a business associate agreement. */
  NodeTester compliant(String... names) {
    for (String name : names) {
      providers.computeIfPresent(
          name,
          (same, provider) ->
              new Provider(
                  name,
                  provider.protocol(),
                  provider.apiVersion(),
                  provider.baseUrl(),
                  provider.region(),
                  provider.secretKey(),
                  Set.of(Hipaa.COMPLIANCE)));
    }
    return this;
  }

  /** Adds a guard of a tenant on the input of the one that asks. */
  NodeTester guard(String tenant, String name, boolean isObserved, Detector... detectors) {
    return guard(new Guard(tenant, name, Set.of(Side.INPUT), List.of(detectors)), isObserved);
  }

  /** Adds a guard that binds the tenant that asks. */
  NodeTester guard(Guard guard, boolean isObserved) {
    guardRefs.add(new GuardRef(guard.tenant(), guard.name(), isObserved));
    guards.computeIfAbsent(guard.tenant(), owner -> new HashMap<>()).put(guard.name(), guard);
    return this;
  }

  /** Binds a guard that nobody has. */
  NodeTester guardOfNobody(String name) {
    guardRefs.add(new GuardRef("acme", name, false));
    return this;
  }

  NodeTester rateLimits(RateLimitRule... rules) {
    rateLimits = List.of(rules);
    return this;
  }

  NodeTester budgets(BudgetRule... rules) {
    budgets = List.of(rules);
    return this;
  }

  /** The tenant's programs, by their clients. */
  NodeTester serviceAccounts(String... clientIds) {
    accounts = List.of(clientIds);
    return this;
  }

  /** The tenant may not be here. */
  NodeTester alias(String token) {
    tenant = TenantAlias.of(token);
    return residency("us-east");
  }

  /** Puts what was described in force. */
  NodeTester publish() {
    return publish(false, 0);
  }

  NodeTester publish(boolean revoked, long expiresAtUnixMillis) {
    Map<String, Model> byName = new HashMap<>();
    models.forEach(model -> byName.put(model.name(), model));
    EffectivePolicy policy =
        new EffectivePolicy(
            List.of(tenant),
            allowed.isEmpty() ? byName.keySet() : allowed,
            residency,
            Map.of("team", "a"),
            requiredTags,
            unknownPrice,
            observed,
            suspendedBy,
            maxStaleness,
            guardRefs,
            hipaa);
    KeyRule rule =
        new KeyRule(
            key.id(),
            new KeyHash(pepper).of(key),
            1,
            tenant,
            "app",
            keyModels,
            Map.of(),
            expiresAtUnixMillis,
            revoked);
    snapshots.swap(
        new ServingSnapshot(
            ++revision,
            new byte[32],
            new PolicyContent(
                Map.of(
                    tenant,
                    new TenantPolicy(
                        tenant,
                        policy,
                        budgets,
                        rateLimits,
                        Set.of(),
                        accounts.stream()
                            .map(id -> new ServiceAccount(ServiceAccount.hashOf(id), tenant, "bot"))
                            .toList())),
                Map.of(key.id(), rule),
                byName,
                providers,
                Map.of(),
                Map.of(),
                routes,
                guards),
            Map.of("secret/acme/sim", new Credential("acme/sim", 1, PROVIDER_KEY, Set.of(REGION))),
            Map.of(1, pepper),
            Set.of()));
    return this;
  }

  String key() {
    return key.text();
  }

  String keyId() {
    return key.id();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  HttpRequest.Builder chat(String model, boolean stream) {
    return chatBody(
        "{\"model\":\"%s\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"prompt-canary\"}]}"
            .formatted(model, stream));
  }

  HttpRequest.Builder chatBody(String body) {
    return HttpRequest.newBuilder(uri("/v1/chat/completions"))
        .header("authorization", "Bearer " + key())
        .header("content-type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  /** Asks for a chat as a client that leaves when its socket is closed, and reads when it likes. */
  Socket ask(String model, boolean stream) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(64 * 1024);
    socket.connect(new InetSocketAddress("127.0.0.1", port));
    String body =
        "{\"model\":\"%s\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"
            .formatted(model, stream);
    socket
        .getOutputStream()
        .write(
            ("POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer %s\r\n"
                    + "content-type: application/json\r\ncontent-length: %d\r\n\r\n%s")
                .formatted(key(), body.length(), body)
                .getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  /** A POST on a connection that stays open, as bytes. */
  String post(String path, String body) {
    return "POST %s HTTP/1.1\r\nhost: x\r\nauthorization: Bearer %s\r\ncontent-length: %d\r\n\r\n%s"
        .formatted(path, key(), body.length(), body);
  }

  /** Sends bytes, in Latin-1, and reads what comes until the node closes the connection. */
  String exchange(String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  /** The record of the one exchange that there was. */
  RequestRecord onlyRecord() {
    List<RequestRecord> records =
        Awaitility.await().until(spool::records, found -> !found.isEmpty());
    assertThat(records).hasSize(1);
    return records.getFirst();
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    await(vertx.close());
    spool.close();
    sim.close();
    try (var files = Files.walk(dataDir)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
