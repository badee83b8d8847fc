package dev.penstock.controlplane.wire;

import dev.penstock.kernel.guard.Guard;
import dev.penstock.kernel.guard.PiiEntity;
import dev.penstock.kernel.guard.Side;
import dev.penstock.proto.policy.v1.Detector;
import dev.penstock.proto.policy.v1.Guards;
import java.util.Comparator;
import java.util.Map;

/** Writes a tenant's guards. */
final class GuardEncoder {

  private GuardEncoder() {}

  static Guards guards(String tenant, Map<String, Guard> byName) {
    return Guards.newBuilder()
        .setTenant(tenant)
        .addAllGuards(
            byName.values().stream()
                .sorted(Comparator.comparing(Guard::name))
                .map(GuardEncoder::guard)
                .toList())
        .build();
  }

  private static dev.penstock.proto.policy.v1.Guard guard(Guard guard) {
    return dev.penstock.proto.policy.v1.Guard.newBuilder()
        .setName(guard.name())
        .addAllOn(guard.on().stream().map(Side::word).toList())
        .setUnscannable(guard.unscannable().word())
        .addAllDetectors(guard.detectors().stream().map(GuardEncoder::detector).toList())
        .build();
  }

  private static Detector detector(dev.penstock.kernel.guard.Detector detector) {
    Detector.Builder message =
        Detector.newBuilder().setType(detector.type()).setAction(detector.action().word());
    return switch (detector) {
      case dev.penstock.kernel.guard.Detector.Pii pii ->
          message.addAllEntities(pii.entities().stream().map(PiiEntity::word).toList()).build();
      case dev.penstock.kernel.guard.Detector.Secrets secrets -> message.build();
      case dev.penstock.kernel.guard.Detector.Terms terms ->
          message.addAllTerms(terms.terms()).build();
      case dev.penstock.kernel.guard.Detector.Matching matching ->
          message.setPattern(matching.pattern()).build();
      case dev.penstock.kernel.guard.Detector.Injection injection -> message.build();
      case dev.penstock.kernel.guard.Detector.Size size ->
          message.setMaxCharacters(size.maxCharacters()).build();
      case dev.penstock.kernel.guard.Detector.Http http ->
          message
              .setUrl(http.url())
              .setTimeoutMs((int) http.timeout().toMillis())
              .setOnFailure(http.onFailure().word())
              .setMaxConcurrent(http.maxConcurrent())
              .build();
    };
  }
}
