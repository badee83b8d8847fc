package dev.penstock.dataplane.snapshot;

import static dev.penstock.dataplane.snapshot.SnapshotKit.DELIVERY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dataplane.snapshot.SnapshotAnswer.Refused;
import dev.penstock.kernel.guard.Action;
import dev.penstock.kernel.guard.Detector;
import dev.penstock.kernel.guard.GuardRef;
import dev.penstock.kernel.guard.OnFailure;
import dev.penstock.kernel.guard.PiiEntity;
import dev.penstock.kernel.snapshot.PolicyFeatures;
import dev.penstock.kernel.snapshot.ResourceError;
import dev.penstock.kernel.snapshot.ResourceError.Code;
import dev.penstock.proto.policy.v1.Guard;
import dev.penstock.proto.policy.v1.GuardUse;
import dev.penstock.proto.policy.v1.Guards;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Guards that this build cannot run, as a newer control plane may send them: whom they bind keeps
 * what was in force, and everybody else notices nothing.
 */
@NullUnmarked // a null where there should be none fails the test
final class BadGuardTest {

  private static final String RESOURCE = "tenant/acme/guards";

  @TempDir Path dir;

  private SnapshotTester node;

  @BeforeEach
  void open() throws IOException {
    node = new SnapshotTester(dir);
    node.client.onDeliveryKey(DELIVERY.encoded());
  }

  @AfterEach
  void close() {
    node.close();
  }

  static Stream<Arguments> unknown() {
    return Stream.of(
        Arguments.of(detector("toxicity", "block"), "detectors[0] has the type toxicity"),
        Arguments.of(detector("secrets", "shred"), "detectors[0] has the action shred"),
        Arguments.of(
            (UnaryOperator<Guard.Builder>)
                guard ->
                    guard
                        .clearDetectors()
                        .addDetectors(of("pii", "redact").addEntities("email").addEntities("iris")),
            "detectors[0] has the entity iris"),
        Arguments.of(
            (UnaryOperator<Guard.Builder>)
                guard ->
                    guard
                        .clearDetectors()
                        .addDetectors(of("pattern", "block").setPattern("(?=canary-pattern)")),
            "detectors[0].pattern"),
        Arguments.of(detector("size", "block"), "detectors[0].maxCharacters"),
        Arguments.of(
            (UnaryOperator<Guard.Builder>)
                guard ->
                    guard.clearDetectors().addDetectors(of("size", "redact").setMaxCharacters(9)),
            "detectors[0].action"),
        Arguments.of(external(http -> http.setUrl("file:///canary-pattern")), "detectors[0].url"),
        Arguments.of(external(http -> http.clearUrl()), "detectors[0].url"),
        Arguments.of(external(http -> http.clearTimeoutMs()), "detectors[0].timeout"),
        Arguments.of(external(http -> http.setTimeoutMs(-1)), "detectors[0].timeout"),
        Arguments.of(external(http -> http.clearMaxConcurrent()), "detectors[0].maxConcurrent"),
        Arguments.of(
            external(http -> http.setOnFailure("ask")), "detectors[0] has the on_failure ask"),
        Arguments.of(external(http -> http.setAction("redact")), "detectors[0].action"),
        Arguments.of(
            (UnaryOperator<Guard.Builder>)
                guard -> guard.clearDetectors().addOn("output").addDetectors(http()),
            "a guard of its own"),
        Arguments.of(
            (UnaryOperator<Guard.Builder>) guard -> guard.addOn("images"),
            "looks at [input, images] (this build looks at [input, output])"),
        Arguments.of(
            (UnaryOperator<Guard.Builder>) guard -> guard.setUnscannable("ask"),
            "has the unscannable ask"),
        Arguments.of(
            (UnaryOperator<Guard.Builder>) Guard.Builder::clearOn,
            "on expected some of [input, output]"),
        Arguments.of((UnaryOperator<Guard.Builder>) Guard.Builder::clearDetectors, "1 to 16"));
  }

  private static dev.penstock.proto.policy.v1.Detector.Builder http() {
    return of("http", "block")
        .setUrl("https://guard.example/v1/check")
        .setTimeoutMs(2_000)
        .setOnFailure("allow")
        .setMaxConcurrent(16);
  }

  private static UnaryOperator<Guard.Builder> external(
      UnaryOperator<dev.penstock.proto.policy.v1.Detector.Builder> change) {
    return guard -> guard.clearDetectors().addDetectors(change.apply(http()));
  }

  private static UnaryOperator<Guard.Builder> detector(String type, String action) {
    return guard -> guard.clearDetectors().addDetectors(of(type, action));
  }

  private static dev.penstock.proto.policy.v1.Detector.Builder of(String type, String action) {
    return dev.penstock.proto.policy.v1.Detector.newBuilder().setType(type).setAction(action);
  }

  /** Acme with a guard that binds it and labs below it; others stands beside them. */
  private static SnapshotKit holding(String tag, UnaryOperator<Guard.Builder> change) {
    SnapshotKit kit = SnapshotKit.with("acme", "labs", "others");
    GuardUse use = GuardUse.newBuilder().setTenant("acme").setName("g").build();
    kit.tenant(
        "acme",
        policy ->
            policy.addGuards(use).addRequires(PolicyFeatures.INPUT_GUARDS).addRequiredTags(tag));
    kit.tenant(
        "labs",
        policy ->
            policy
                .clearTenantPath()
                .addTenantPath("acme")
                .addTenantPath("labs")
                .addGuards(use)
                .addRequires(PolicyFeatures.INPUT_GUARDS)
                .addRequiredTags(tag));
    kit.tenant("others", policy -> policy.addRequiredTags(tag));
    Guard.Builder guard = Guard.newBuilder().setName("g").addOn("input");
    guard.addDetectors(of("secrets", "block"));
    return kit.put(
        RESOURCE,
        Guards.newBuilder().setTenant("acme").addGuards(change.apply(guard)).build().toByteArray());
  }

  @ParameterizedTest
  @MethodSource("unknown")
  void keepsThePolicyOfWhomAGuardBindsThatItCannotRun(
      UnaryOperator<Guard.Builder> change, String reason) throws Exception {
    // Given
    node.offer(holding("old", guard -> guard).chunk(7));

    // When
    SnapshotAnswer answer = node.offer(holding("new", change).chunk(8));

    // Then
    assertNamed(answer, reason);
    assertMixed();
    node.restart();
    assertMixed();
  }

  @ParameterizedTest
  @MethodSource("unknown")
  void keepsItWhenTheGuardComesAsAChange(UnaryOperator<Guard.Builder> change, String reason)
      throws Exception {
    // Given
    SnapshotKit old = holding("old", guard -> guard);
    node.offer(old.chunk(7));

    // When
    SnapshotAnswer answer = node.offer(holding("new", change).delta(8, old.resources()));

    // Then
    assertNamed(answer, reason);
    assertMixed();
  }

  private static void assertNamed(SnapshotAnswer answer, String reason) {
    assertThat(answer)
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.keptRevision()).isEqualTo(8);
              assertThat(refused.errors())
                  .extracting(ResourceError::resourceKey)
                  .contains(RESOURCE)
                  .doesNotContain("tenant/others/policy");
              ResourceError named = refused.errors().getFirst();
              assertThat(named.resourceKey()).isEqualTo(RESOURCE);
              assertThat(named.code()).isEqualTo(Code.BAD_VALUE);
              assertThat(named.message()).contains("guard g", reason);
              assertThat(refused.errors().toString()).doesNotContain("canary-pattern");
            });
  }

  private void assertMixed() {
    ServingSnapshot serving = node.current.get();
    assertThat(serving.revision()).isEqualTo(8);
    assertThat(tags(serving, "others")).containsExactly("new");
    for (String bound : List.of("acme", "labs")) {
      assertThat(tags(serving, bound)).as(bound).containsExactly("old");
      List<GuardRef> guards = serving.content().tenants().get(bound).policy().guards();
      assertThat(guards).containsExactly(new GuardRef("acme", "g", false));
      assertThat(serving.content().guard(guards.getFirst()).orElseThrow().detectors())
          .containsExactly(new Detector.Secrets(Action.BLOCK));
    }
  }

  private static Iterable<String> tags(ServingSnapshot serving, String tenant) {
    return serving.content().tenants().get(tenant).policy().requiredTags();
  }

  @Test
  void takesUpDetectorsOfEachType() throws Exception {
    node.offer(
        holding(
                "new",
                guard ->
                    guard
                        .addDetectors(of("injection", "flag"))
                        .addDetectors(of("size", "block").setMaxCharacters(20_000))
                        .addDetectors(http())
                        .addDetectors(of("pii", "redact").addEntities("de-steuer-id")))
            .chunk(7));

    assertThat(
            node.current
                .get()
                .content()
                .guard(new GuardRef("acme", "g", false))
                .orElseThrow()
                .detectors())
        .containsExactly(
            new Detector.Secrets(Action.BLOCK),
            new Detector.Injection(Action.FLAG),
            new Detector.Size(20_000, Action.BLOCK),
            new Detector.Http(
                "https://guard.example/v1/check",
                Duration.ofSeconds(2),
                OnFailure.ALLOW,
                16,
                Action.BLOCK),
            new Detector.Pii(List.of(PiiEntity.DE_STEUER_ID), Action.REDACT));
  }

  @Test
  void servesNobodyWhoHadNoPolicyBefore() throws Exception {
    node.offer(holding("new", detector("toxicity", "block")).chunk(7));

    assertThat(node.current.get().content().tenants()).containsOnlyKeys("others");
    assertThat(node.current.get().content().keysById()).containsOnlyKeys("key-others");
  }

  @Test
  void takesUpTheNextGuardThatItCanRun() throws Exception {
    // Given
    node.offer(holding("old", guard -> guard).chunk(7));
    node.offer(holding("new", detector("toxicity", "block")).chunk(8));

    // When
    SnapshotAnswer answer = node.offer(holding("new", detector("secrets", "flag")).chunk(9));

    // Then
    assertThat(answer).isNotInstanceOf(Refused.class);
    assertThat(tags(node.current.get(), "labs")).containsExactly("new");
    assertThat(
            node.current
                .get()
                .content()
                .guard(new GuardRef("acme", "g", false))
                .orElseThrow()
                .detectors())
        .containsExactly(new Detector.Secrets(Action.FLAG));
  }
}
