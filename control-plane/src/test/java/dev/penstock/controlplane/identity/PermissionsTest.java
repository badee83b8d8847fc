package dev.penstock.controlplane.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.manifest.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PermissionsTest {

  @Test
  void standsInTheGuideAsItIsEnforced() throws IOException {
    assertThat(Files.readString(Path.of("../docs/security.md"))).contains(Permissions.table());
  }

  @Test
  void knowsEveryKind() {
    assertThat(Arrays.stream(Kind.values()).map(Kind::path)).allMatch(Permissions::know);
  }

  @Test
  void letsOnlyTheCustodianWriteSecrets() {
    for (Role role : Role.values()) {
      assertThat(Permissions.allow(role, "secrets", Action.WRITE))
          .isEqualTo(role == Role.SECRET_CUSTODIAN);
    }
  }

  @Test
  void letsAnAuditorReadAllAndChangeNothing() {
    for (String line : Permissions.table().lines().skip(1).toList()) {
      String area = line.split(" +", -1)[0];
      assertThat(Permissions.allow(Role.SECURITY_AUDITOR, area, Action.READ)).as(area).isTrue();
      assertThat(Permissions.allow(Role.SECURITY_AUDITOR, area, Action.WRITE)).as(area).isFalse();
      assertThat(Permissions.allow(Role.SECURITY_AUDITOR, area, Action.DELETE)).as(area).isFalse();
    }
  }

  @Test
  void deniesWhatItDoesNotKnow() {
    for (Role role : Role.values()) {
      assertThat(Permissions.allow(role, "nonsense", Action.READ)).isFalse();
    }
  }
}
