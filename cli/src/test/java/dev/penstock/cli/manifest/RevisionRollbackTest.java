package dev.penstock.cli.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.cli.CommandFailure;
import dev.penstock.cli.ExitCode;
import dev.penstock.cli.admin.ScriptedAdmin;
import dev.penstock.cli.manifest.RevisionRollback.Mode;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RevisionRollbackTest {
  private static final String PLAN = "POST /api/v1/revisions/7/rollback?dryRun=true";
  private static final String DO = "POST /api/v1/revisions/7/rollback";
  private static final String UPDATE =
      """
      {"revision": 9, "rollbackOf": 7,
       "changes": [{"kind":"Budget","tenant":"acme","name":"month","action":"updated","fields":[
         {"field":"spec.amount","from":"2.00","to":"1.00"}]}],
       "impact": {"sentences": ["budget acme/month is lowered"], "tenants": 1, "apiKeys": 1},
       "leftAlone": [
         {"kind":"ApiKey","tenant":"acme","name":"app","reason":"was made since"},
         {"kind":"Tenant","tenant":null,"name":"acme","reason":"stays suspended"}]}\
      """;
  private static final String DELETION =
      """
      {"changes": [{"kind":"Tenant","tenant":null,"name":"new","action":"deleted","fields":[]}],
       "impact": {"sentences": []}, "leftAlone": []}\
      """;
  private static final String DONE =
      """
      {"revision": 10, "rollbackOf": 7, "leftAlone": [],
       "changes": [{"kind":"Tenant","tenant":null,"name":"new","action":"deleted"}]}\
      """;

  private final ScriptedAdmin admin = new ScriptedAdmin();
  private final StringBuilder out = new StringBuilder();

  @AfterEach
  void close() {
    admin.close();
  }

  @Test
  void tellsThePlanAndDoesNothing() {
    admin.answers(PLAN, 200, UPDATE);

    run(Mode.PLAN);

    assertThat(out)
        .hasToString(
            """
            ~ Budget acme/month
                spec.amount: "2.00" → "1.00"
            what that means:
              budget acme/month is lowered
            0 created, 1 updated, 0 deleted; touches 1 tenant and 1 API key
            left alone:
              ApiKey acme/app: was made since
              Tenant acme: stays suspended
            """);
    assertThat(admin.requests()).containsExactly(PLAN);
  }

  @Test
  void doesWhatWasPlannedAndNothingElse() {
    admin.answers(PLAN, 200, DELETION).answers(DO, 200, DONE);

    run(Mode.ALL);

    assertThat(out.toString())
        .startsWith("- Tenant new\n")
        .endsWith("deleted   Tenant new\nrevision 10\n");
    assertThat(admin.requests()).containsExactly(PLAN, DO + " if \"tag-1\"");
  }

  @Test
  void asksForWavesWithThePlanAndWithTheDeed() {
    admin
        .answers(PLAN + "&rollout=waves", 200, DELETION)
        .answers(DO + "?rollout=waves", 200, DONE)
        .inRollout("10");

    new RevisionRollback(admin.client().inWaves(), 7).run(Mode.ALL, out::append);

    assertThat(out.toString())
        .endsWith(
            "revision 10, in waves: ./penstock get rollouts 10 tells how far they have come\n");
    assertThat(admin.requests())
        .containsExactly(PLAN + "&rollout=waves", DO + "?rollout=waves if \"tag-1\"");
  }

  @Test
  void deletesOnlyWhereThatIsMeant() {
    admin.answers(PLAN, 200, DELETION).answers(DO, 200, DONE);

    assertThatThrownBy(() -> run(Mode.KEEP))
        .hasMessage("1 would be deleted; nothing was changed. Say --yes if that is meant.")
        .asInstanceOf(InstanceOfAssertFactories.type(CommandFailure.class))
        .returns(ExitCode.FAILED, CommandFailure::exitCode);
    assertThat(out.toString()).startsWith("- Tenant new\n").doesNotContain("revision");
    assertThat(admin.requests()).containsExactly(PLAN);
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void writesNothingWhereNothingDiffers(Mode mode) {
    admin.answers(
        PLAN, 200, "{\"changes\": [], \"impact\": {\"sentences\": []}, \"leftAlone\": []}");

    run(mode);

    assertThat(out).hasToString("no differences\n");
    assertThat(admin.requests()).containsExactly(PLAN);
  }

  @Test
  void namesWhatNoLongerFits() {
    admin.answers(
        PLAN,
        409,
        """
        {"title":"Conflict","errors":[{"field":"Model gpt","detail":"route acme/x needs it"}]}\
        """);

    assertThatThrownBy(() -> run(Mode.ALL))
        .hasMessage("nothing was changed. Conflict\n  Model gpt: route acme/x needs it");
  }

  private void run(Mode mode) {
    new RevisionRollback(admin.client(), 7).run(mode, out::append);
  }
}
