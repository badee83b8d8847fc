package dev.penstock.cli.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class PlanTextTest {

  @Test
  void saysPerResourceWhatWouldChangeAndWhatThatMeans() throws JsonProcessingException {
    PlanText plan =
        plan(
            """
            {"revision": 7,
             "changes": [
               {"kind":"Tenant","tenant":null,"name":"acme","action":"unchanged","fields":[]},
               {"kind":"Budget","tenant":"acme","name":"month","action":"updated","fields":[
                 {"field":"spec.amount","from":"1.00","to":"2.00"},
                 {"field":"spec.scope.model","from":null,"to":"assistant"}]},
               {"kind":"Secret","tenant":"acme","name":"s","action":"updated","fields":[]},
               {"kind":"Region","tenant":null,"name":"r","action":"created","fields":[]},
               {"kind":"Model","tenant":null,"name":"m","action":"deleted","fields":[]}],
             "impact": {"sentences": ["tenant acme loses model m"], "sentencesLeftOut": 3,
                        "tenants": 1, "apiKeys": 20}}\
            """);

    assertThat(plan)
        .hasToString(
            """
            ~ Budget acme/month
                spec.amount: "1.00" → "2.00"
                spec.scope.model: (none) → "assistant"
            ~ Secret acme/s
                a value that is not shown
            + Region r
            - Model m
            what that means:
              tenant acme loses model m
              and 3 more
            1 created, 2 updated, 1 deleted; touches 1 tenant and 20 API keys
            """);
    assertThat(plan.differences()).isEqualTo(4);
    assertThat(plan.deletions()).isEqualTo(1);
  }

  @Test
  void saysThatNothingDiffers() throws JsonProcessingException {
    PlanText plan =
        plan(
            """
            {"changes": [{"kind":"Region","tenant":null,"name":"r","action":"unchanged"}],
             "impact": {"sentences": []}}\
            """);

    assertThat(plan).hasToString("no differences\n");
    assertThat(plan.differences()).isZero();
  }

  private static PlanText plan(String json) throws JsonProcessingException {
    return new PlanText(new ObjectMapper().readTree(json));
  }
}
