package dev.penstock.uiapi.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.uiapi.policy.Sentence.Force;
import dev.penstock.uiapi.policy.Sentence.Source;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicySentencesTest {

  private static List<Sentence> tell(String json) throws JsonProcessingException {
    return PolicySentences.of(new ObjectMapper().readTree(json.replace('\'', '"')));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          {'models': {'value': null, 'from': []}}                  | Requests may use any model that the platform has.
          {'models': {'value': [], 'from': []}}                    | Requests may use no model at all.
          {'models': {'value': ['a'], 'from': []}}                 | Requests may use `a`, and no other model.
          {'models': {'value': ['a', 'b', 'c'], 'from': []}}       | Requests may use `a`, `b` and `c`, and no other model.
          {'residency': {'value': null, 'from': []}}               | Requests may be handled in any region.
          {'residency': {'value': [], 'from': []}}                 | There is no region in which requests may be handled.
          {'residency': {'value': ['eu-west'], 'from': []}}        | Requests, the providers that answer them and what is recorded of them stay in `eu-west`.
          {'unknownPrice': {'value': 'refuse', 'from': []}}        | A model without a price is refused.
          {'unknownPrice': {'value': {'ceilingPerMillionTokens': '50.00'}, 'from': []}} | A model without a price is counted at 50.00 USD per million tokens.
          {'unknownPrice': {'value': {'ceilingPerMillionTokens': '1234567.5'}, 'from': []}} | A model without a price is counted at 1,234,567.5 USD per million tokens.
          {'suspended': {'value': true, 'from': []}}               | Every request is denied, until the suspension is lifted.
          {'tags': {'app': {'value': 'support', 'from': []}}}      | Every request is recorded with `app` = `support`.
          {'requiredTags': {'app': {'from': []}}}                  | A request must say what its tag `app` is, itself or by its key.
          {'guards': []}                                           | No guard searches requests or answers.
          {'guards': [{'value': {'tenant': 'acme', 'name': 'g'}, 'detectors': [{'type': 'terms', 'count': 1, 'action': 'flag'}]}]} | The guard `acme/g` searches every request; it records the term of its list.
          {'guards': [{'value': {'tenant': 'acme', 'name': 'g'}, 'detectors': [{'type': 'injection', 'action': 'flag'}, {'type': 'size', 'maxCharacters': 20000, 'action': 'block'}]}]} | The guard `acme/g` searches every request; it records attempts at prompt injection; lets nothing pass with a text of more than 20,000 characters.
          {'guards': [{'value': {'tenant': 'acme', 'name': 'g'}, 'detectors': [{'type': 'http', 'url': 'https://guard.example', 'action': 'block'}]}]} | The guard `acme/g` searches every request; it lets nothing pass with what the external guard at `https://guard.example` finds.
          {'guards': [{'value': {'tenant': 'acme', 'name': 'g'}, 'detectors': [{'type': 'secrets', 'action': 'block'}, {'type': 'terms', 'count': 3, 'action': 'redact'}]}]} | The guard `acme/g` searches every request; it lets nothing pass with credentials; takes out any of the 3 terms of its list.
          {'guards': [{'value': {'tenant': 'acme', 'name': 'g'}, 'detectors': [{'type': 'pattern', 'action': 'block'}, {'type': 'toxicity', 'action': 'quarantine'}]}]} | The guard `acme/g` searches every request; it lets nothing pass with what its pattern matches; does `quarantine` to what its detector `toxicity` finds.
          {'guards': [{'value': {'tenant': 'acme', 'name': 'g'}, 'on': ['input', 'output'], 'detectors': [{'type': 'secrets', 'action': 'block'}]}]} | The guard `acme/g` searches every request and answer; it lets nothing pass with credentials.
          {'guards': [{'value': {'tenant': 'acme', 'name': 'g'}, 'on': ['output'], 'unscannable': 'refuse', 'detectors': [{'type': 'secrets', 'action': 'flag'}]}]} | The guard `acme/g` searches every answer; it records credentials; lets no images, sounds and files pass.
          {'budgets': []}                                          | No budget limits what requests may cost.
          {'maxStaleness': {'value': '5m', 'from': []}}            | A node that is not known to have had the newest policy for 5m refuses every request.
          {'hipaa': {'value': true, 'from': []}}                   | Only providers that are marked `hipaa-baa` may answer, guards have to search requests and answers, and no content is stored.
          {'rateLimits': []}                                       | No rate limit holds requests back.
          {'rateLimits': [{'scope': {}, 'requestsPerMinute': 600, 'tokensPerMinute': 4000, 'from': [{'tenant': 'acme'}]}]} | Requests of `acme` and below are held to 600 a minute and 4000 tokens a minute, on all nodes together.
          {'rateLimits': [{'scope': {'model': 'm', 'future': 'x'}, 'concurrentStreams': 5, 'from': [{'tenant': 'acme'}]}]} | Requests of `acme` and below to the model `m` with the future `x` are held to 5 at the same time, on all nodes together.
          {'futureRule': {'value': 'strict', 'from': []}}          | The rule `futureRule` is `strict`.
          """)
  void putsEachRuleIntoWords(String policy, String sentence) throws Exception {
    assertThat(tell(policy)).extracting(Sentence::text).containsExactly(sentence);
  }

  @Test
  void saysNothingOfWhatIsAsUsual() throws Exception {
    assertThat(
            tell(
                "{'tenant': 'a', 'path': ['a'], 'mode': {'value': 'enforce', 'from': []},"
                    + " 'suspended': {'value': false, 'from': []}, 'hipaa': {'value': false, 'from': []}, 'maxStaleness': {'value': null, 'from': []}, 'tags': {}, 'requiredTags': {}}"))
        .isEmpty();
  }

  @Test
  void namesWhereARuleComesFrom() throws Exception {
    List<Sentence> told =
        tell(
            """
            {'residency': {'value': ['eu-west'], 'from': [
              {'kind': 'Policy', 'tenant': 'acme', 'name': 'default'},
              {'kind': 'Tenant', 'name': 'acme-health'}]}}\
            """);

    assertThat(told.getFirst().from())
        .containsExactly(
            new Source("Policy", "acme", "default"),
            new Source("Tenant", "acme-health", "acme-health"));
  }

  @Test
  void keepsApartWhatIsEnforcedAndWhatIsOnlyObserved() throws Exception {
    List<Sentence> told =
        tell(
            """
            {'models': {'value': ['a', 'b'], 'from': [],
                        'observed': {'value': ['a'], 'from': []}}}\
            """);

    assertThat(told).extracting(Sentence::force).containsExactly(Force.ENFORCED, Force.OBSERVED);
    assertThat(told.getLast().text()).contains("`a`").doesNotContain("`b`");
  }

  @Test
  void saysWhatAGuardDoesAndWhetherItOnlyObserves() throws Exception {
    List<Sentence> told =
        tell(
            """
            {'guards': [{'value': {'kind': 'Guard', 'tenant': 'acme', 'name': 'pii'},
              'detectors': [{'type': 'pii', 'entities': ['email', 'phone', 'iban', 'credit-card', 'iris'],
                'action': 'redact'}],
              'observed': true,
              'from': [{'kind': 'Policy', 'tenant': 'acme', 'name': 'default'}]}]}\
            """);

    assertThat(told)
        .containsExactly(
            new Sentence(
                "Guards",
                "The guard `acme/pii` searches every request; it takes out e-mail addresses,"
                    + " telephone numbers, bank account numbers, card numbers and `iris`.",
                Force.OBSERVED,
                List.of(new Source("Policy", "acme", "default"))));
  }

  @Test
  void saysWhichGuardHipaaModeIsWaitingFor() throws Exception {
    assertThat(tell("{'hipaa': {'value': true, 'unguarded': ['output'], 'from': []}}"))
        .extracting(Sentence::text)
        .last()
        .isEqualTo("Every request is refused, because no enforced guard searches answers.");
  }

  @Test
  void saysWhatABudgetIsForAndWhenItsPeriodEnds() throws Exception {
    List<Sentence> told =
        tell(
            """
            {'budgets': [{'amount': '2000.00', 'scope': {'apiKey': 'support', 'model': 'assistant'},
              'from': [{'kind': 'Budget', 'tenant': 'acme', 'name': 'month'}],
              'window': {'endsAt': '2026-11-30T23:00:00Z'}}]}\
            """);

    assertThat(told.getFirst().text())
        .isEqualTo(
            "Requests of `acme` and below with the key `support` to the model `assistant` may cost"
                + " 2,000.00 USD together in one period; this one ends 2026-11-30 23:00 UTC.");
  }
}
