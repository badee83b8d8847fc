package dev.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MigrationJobTest {

  @Test
  void migratesBeforeTheReleaseWhereTheDatabaseIsAlreadyThere() {
    KubeObject job = Chart.render(Chart.variant("one-cluster")).only("Job", "penstock-migrations");

    assertThat(job.texts("metadata.annotations"))
        .containsEntry(Chart.HOOK, "pre-install,pre-upgrade")
        .containsEntry(Chart.HOOK + "-delete-policy", "before-hook-creation");
    assertThat(Chart.renderWithoutHooks(Chart.variant("one-cluster")).ofKind("Job")).isEmpty();
  }

  @Test
  void migratesBesideTheReleaseUnderANewNameWhereItBringsTheDatabase() {
    Release release = Chart.renderWithoutHooks(Chart.variant("control-plane-only"));

    assertThat(release.only("Job", "llm-migrations-1").texts("metadata.annotations")).isEmpty();
  }

  @Test
  void givesTheMigrationThePasswordThatTheControlPlaneWillUse() {
    Release release = Chart.render(Chart.variant("control-plane-only"));

    assertThat(release.ofKind("Job").getFirst().json().toString())
        .contains(
            "\"name\":\"PENSTOCK_DB_APP_PASSWORD\",\"valueFrom\":{\"secretKeyRef\":{"
                + "\"name\":\"penstock-pg-app\",\"key\":\"pgpass\"}}");
    assertThat(release.ofKind("Deployment").getFirst().json().toString())
        .contains(
            "\"name\":\"PENSTOCK_DB_PASSWORD\",\"valueFrom\":{\"secretKeyRef\":{"
                + "\"name\":\"penstock-pg-app\",\"key\":\"pgpass\"}}");
  }

  @Test
  void migratesNothingWhereThereIsNoControlPlane() {
    assertThat(Chart.render(Chart.variant("region")).ofKind("Job")).isEmpty();
  }
}
