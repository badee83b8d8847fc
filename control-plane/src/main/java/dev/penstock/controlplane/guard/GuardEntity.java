package dev.penstock.controlplane.guard;

import dev.penstock.controlplane.row.Row;
import dev.penstock.kernel.guard.Action;
import dev.penstock.kernel.guard.Detector;
import dev.penstock.kernel.guard.PiiEntity;
import dev.penstock.kernel.guard.Side;
import dev.penstock.kernel.guard.Unscannable;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

@Entity(name = "Guard")
@Table(schema = "policy", name = "guard")
@IdClass(GuardEntity.Key.class)
@SuppressWarnings("NullAway.Init") // Hibernate sets the fields
class GuardEntity implements Row<StatedGuard> {

  /** Whose it is, and its name there. */
  record Key(String tenant, String name) implements Serializable {}

  /** A detector in the words of its manifest; what its type has no use for is null. */
  record Stored(
      String type,
      String action,
      @Nullable List<String> entities,
      @Nullable List<String> terms,
      @Nullable String pattern) {

    static Stored of(Detector detector) {
      String action = detector.action().word();
      return switch (detector) {
        case Detector.Pii pii ->
            new Stored(
                pii.type(),
                action,
                pii.entities().stream().map(PiiEntity::word).toList(),
                null,
                null);
        case Detector.Secrets secrets -> new Stored(secrets.type(), action, null, null, null);
        case Detector.Terms terms -> new Stored(terms.type(), action, null, terms.terms(), null);
        case Detector.Matching matching ->
            new Stored(matching.type(), action, null, null, matching.pattern());
      };
    }

    Detector toDetector() {
      Action what = Action.of(action).orElseThrow();
      if (entities != null) {
        return new Detector.Pii(
            entities.stream().map(word -> PiiEntity.of(word).orElseThrow()).toList(), what);
      }
      if (terms != null) {
        return new Detector.Terms(terms, what);
      }
      return pattern == null ? new Detector.Secrets(what) : new Detector.Matching(pattern, what);
    }
  }

  @Id String tenant;
  @Id String name;

  String[] sides;
  String unscannable;

  @JdbcTypeCode(SqlTypes.JSON)
  List<Stored> detectors;

  @Override
  public void set(StatedGuard guard) {
    tenant = guard.tenant();
    name = guard.name();
    sides = guard.on().stream().map(Side::word).toArray(String[]::new);
    unscannable = guard.unscannable().word();
    detectors = guard.detectors().stream().map(Stored::of).toList();
  }

  @Override
  public StatedGuard toRecord() {
    return new StatedGuard(
        tenant,
        name,
        Arrays.stream(sides)
            .map(word -> Side.of(word).orElseThrow())
            .collect(Collectors.toUnmodifiableSet()),
        Unscannable.of(unscannable).orElseThrow(),
        detectors.stream().map(Stored::toDetector).toList());
  }
}
