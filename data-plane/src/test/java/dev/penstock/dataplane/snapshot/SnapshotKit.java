package dev.penstock.dataplane.snapshot;

import com.google.protobuf.ByteString;
import dev.penstock.kernel.seal.DeliveryKey;
import dev.penstock.kernel.snapshot.Resource;
import dev.penstock.kernel.snapshot.ResourceTree;
import dev.penstock.kernel.snapshot.SnapshotDelta;
import dev.penstock.kernel.snapshot.SnapshotDigest;
import dev.penstock.kernel.snapshot.SnapshotSignature;
import dev.penstock.proto.policy.v1.ApiKey;
import dev.penstock.proto.policy.v1.ApiKeys;
import dev.penstock.proto.policy.v1.Deployment;
import dev.penstock.proto.policy.v1.Model;
import dev.penstock.proto.policy.v1.Pepper;
import dev.penstock.proto.policy.v1.Provider;
import dev.penstock.proto.policy.v1.Secret;
import dev.penstock.proto.policy.v1.TenantPolicy;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Snapshots as a control plane would make them, to be spoiled by tests. */
public final class SnapshotKit {

  public static final String REGION = "eu-west";
  public static final DeliveryKey DELIVERY = new DeliveryKey(new byte[32]);
  public static final KeyPair SIGNING = newKeyPair();

  /** Pinned as well, as it is while one key gives way to another. */
  static final KeyPair NEXT_SIGNING = newKeyPair();

  public static final String SECRET_KEY = "secret/acme/openai-eu";
  public static final String SECRET_VALUE = "sk-upstream-canary";

  private final Map<String, byte[]> resources = new TreeMap<>();

  private SnapshotKit() {}

  static KeyPair newKeyPair() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** A catalogue with one model, and tenants with one key each. */
  public static SnapshotKit with(String... tenants) {
    SnapshotKit kit = new SnapshotKit();
    kit.put(
        "model/assistant",
        Model.newBuilder()
            .setName("assistant")
            .addDeployments(
                Deployment.newBuilder()
                    .setName("assistant-eu")
                    .setProvider("openai-eu")
                    .setUpstreamModel("gpt")
                    .setWeight(1))
            .build()
            .toByteArray());
    kit.put(
        "provider/openai-eu",
        Provider.newBuilder()
            .setName("openai-eu")
            .setProtocol("openai")
            .setBaseUrl("http://127.0.0.1:8090/v1")
            .setRegion(REGION)
            .setSecretKey(SECRET_KEY)
            .build()
            .toByteArray());
    kit.put(
        SECRET_KEY,
        Secret.newBuilder()
            .setTenant("acme")
            .setName("openai-eu")
            .setVersion(3)
            .setSealed(
                ByteString.copyFrom(
                    DELIVERY.seal(SECRET_KEY, SECRET_VALUE.getBytes(StandardCharsets.UTF_8))))
            .addRegions(REGION)
            .build()
            .toByteArray());
    kit.put(
        "pepper/1",
        Pepper.newBuilder()
            .setVersion(1)
            .setSealed(ByteString.copyFrom(DELIVERY.seal("pepper/1", new byte[32])))
            .build()
            .toByteArray());
    for (String tenant : tenants) {
      kit.tenant(tenant, policy -> {});
      kit.keys(tenant, key -> {});
    }
    return kit;
  }

  public SnapshotKit tenant(String tenant, Consumer<TenantPolicy.Builder> change) {
    TenantPolicy.Builder policy =
        TenantPolicy.newBuilder()
            .setTenant(tenant)
            .addTenantPath(tenant)
            .addAllowedModels("assistant");
    change.accept(policy);
    return put("tenant/" + tenant + "/policy", policy.build().toByteArray());
  }

  public SnapshotKit keys(String tenant, Consumer<ApiKey.Builder> change) {
    ApiKey.Builder key =
        ApiKey.newBuilder()
            .setId("key-" + tenant)
            .setHash(ByteString.copyFrom(new byte[32]))
            .setPepperVersion(1)
            .setTenant(tenant)
            .setName("app");
    change.accept(key);
    return put(
        "tenant/" + tenant + "/keys/0", ApiKeys.newBuilder().addKeys(key).build().toByteArray());
  }

  public SnapshotKit put(String key, byte[] payload) {
    resources.put(key, payload);
    return this;
  }

  public List<Resource> resources() {
    List<Resource> list = new ArrayList<>();
    resources.forEach((key, payload) -> list.add(new Resource(key, payload)));
    return list;
  }

  public SnapshotKit remove(String key) {
    resources.remove(key);
    return this;
  }

  /** One chunk that holds what changes a snapshot of other resources into this one. */
  public SnapshotChunk delta(long revision, List<Resource> base) {
    ResourceTree tree = ResourceTree.of(resources());
    SnapshotDelta delta = ResourceTree.of(base).deltaTo(tree);
    return new SnapshotChunk(
        revision,
        SnapshotChunk.Kind.DELTA,
        revision,
        0,
        1,
        delta.resources(),
        tree.digest(),
        SnapshotSignature.sign(SIGNING.getPrivate(), REGION, revision, tree.digest()),
        false,
        delta.baseDigest(),
        delta.removed());
  }

  /** One chunk that holds it all. */
  public SnapshotChunk chunk(long revision) {
    return chunk(revision, SIGNING, REGION, SnapshotChunk.Kind.FULL);
  }

  public SnapshotChunk chunk(
      long revision, KeyPair signedBy, String region, SnapshotChunk.Kind kind) {
    byte[] digest = SnapshotDigest.of(resources());
    return new SnapshotChunk(
        revision,
        kind,
        revision,
        0,
        1,
        resources(),
        digest,
        SnapshotSignature.sign(signedBy.getPrivate(), region, revision, digest),
        false);
  }
}
