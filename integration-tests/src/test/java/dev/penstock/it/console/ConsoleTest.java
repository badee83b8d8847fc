package dev.penstock.it.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.WaitForSelectorState;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.penstock.cli.installation.NodePlan;
import dev.penstock.cli.up.StackOptions.Console;
import dev.penstock.cli.up.StackOptions.Sso;
import dev.penstock.it.kit.Application;
import dev.penstock.it.kit.Canaries;
import dev.penstock.it.kit.OnStackOfItsOwn;
import dev.penstock.it.kit.Patience;
import dev.penstock.it.kit.PenstockTester;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Objects;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** The console as an admin of a tenant and one of the platform use it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@OnStackOfItsOwn
class ConsoleTest {

  private static final String HEALTH = "/tenants/acme-health";

  private final Chromium chromium = Chromium.start();
  private final PenstockTester tester =
      PenstockTester.start(
          "console",
          options ->
              options
                  .withNodes(NodePlan.parse("eu-west=1"))
                  .withConsole(Console.STARTED)
                  .withSso(Sso.STARTED));

  @SuppressWarnings("NullAway.Init") // set before all
  private Visitor hanna;

  @SuppressWarnings("NullAway.Init") // set before all
  private Visitor paula;

  @BeforeAll
  void signIn() {
    tester.awaitConsole();
    hanna = visitor("hanna");
    paula = visitor("paula");
  }

  @AfterAll
  void stop() {
    chromium.close();
    tester.close();
  }

  private Visitor visitor(String user) {
    return chromium
        .visitor(value("PENSTOCK_CONSOLE_URL"))
        .signIn(user, value("PENSTOCK_CONSOLE_PASSWORD"));
  }

  private String value(String name) {
    return Objects.requireNonNull(tester.environment().get(name), name);
  }

  /** The status with which the gateway answers the official SDK; 200 where it answers. */
  private int ask(String key, String model) {
    return ask(key, model, "hello");
  }

  private int ask(String key, String model, String text) {
    OpenAIClient client =
        OpenAIOkHttpClient.builder()
            .baseUrl(value("OPENAI_BASE_URL"))
            .apiKey(key)
            .maxRetries(0)
            .build();
    try {
      client
          .chat()
          .completions()
          .create(ChatCompletionCreateParams.builder().model(model).addUserMessage(text).build());
      return 200;
    } catch (OpenAIServiceException refused) {
      return refused.statusCode();
    } finally {
      client.close();
    }
  }

  private void awaitAnswer(String key, IntPredicate expected) {
    await()
        .atMost(Patience.FOR_AN_ANSWER)
        .untilAsserted(() -> assertThat(ask(key, "assistant")).matches(expected::test));
  }

  @Test
  @Order(0)
  void asksWhoeverIsNotSignedInToSignIn() {
    try (Visitor stranger = chromium.visitor(value("PENSTOCK_CONSOLE_URL"))) {
      stranger.page().navigate(value("PENSTOCK_CONSOLE_URL") + "/tenants/acme-health/keys");
      stranger.page().getByText("Policy, API keys, budgets and requests").waitFor();

      assertThat(stranger.text()).contains("Sign in").doesNotContain("acme-health");
      stranger.checkLooks();
    }
  }

  @Test
  @Order(1)
  void tellsATenantInSentencesWhatBindsItAndWhoSaysSo() {
    hanna.open(HEALTH);

    assertThat(hanna.text())
        .contains(
            "Requests may use assistant, research, translator and writer, and no other model.")
        .contains("stay in eu-west")
        .contains("From the policy of acme and the policy of acme-health.")
        .contains("Every request is recorded with costCenter = 4411.")
        .contains(
            "The guard acme/pii-default searches every request and answer; it takes out e-mail addresses,");
    hanna.checkLooks();
  }

  @Test
  @Order(2)
  void showsARequestOfTheSdkWithItsDecisions() {
    assertThat(ask(value("OPENAI_API_KEY"), "assistant")).isEqualTo(200);
    assertThat(ask(value("OPENAI_API_KEY"), "copilot")).isEqualTo(403);
    await()
        .atMost(Patience.FOR_AN_ANSWER)
        .untilAsserted(
            () -> assertThat(tester.admin().records("acme-health")).hasSizeGreaterThanOrEqualTo(2));

    hanna.open(HEALTH + "/requests").checkLooks();
    assertThat(hanna.text()).contains("support-assistant", "served", "denied", "model_not_allowed");
    row(hanna, "model_not_allowed").locator("a").click();
    hanna.settled();
    assertThat(hanna.text())
        .contains("The policy does not allow the model copilot")
        .contains("no provider was asked")
        .contains("admit");
    hanna.checkLooks();

    hanna.open(HEALTH + "/requests?outcome=served&modelAsked=assistant");
    row(hanna, "openai-eu").first().locator("a").click();
    hanna.settled();
    assertThat(hanna.text())
        .contains("assistant was answered by openai-eu in eu-west.")
        .contains("with the credential acme/openai-eu, version 1")
        .contains("residency [eu-west] holds")
        .contains("settle");
    hanna.checkLooks();
  }

  private static Locator row(Visitor visitor, String text) {
    return visitor.page().locator("tbody tr", new Page.LocatorOptions().setHasText(text));
  }

  @Test
  @Order(3)
  void showsWhatIsLeftOfEveryBudget() {
    hanna.open(HEALTH + "/budgets");

    assertThat(hanna.text())
        .contains("acme / month", "shared, from above", "left of $1,000,000.00")
        .contains("left of $2,000.00", "Spent", "Available");
    hanna.checkLooks();

    paula.open("/tenants/acme/spend").checkLooks();
    assertThat(paula.text())
        .contains("Budgets along the tree", "acme / month", "acme-health / month", "Held")
        .contains("Cost per day: $", "in 30 days")
        .contains("Cost by model, the dearest first");
    paula.page().getByText("The same as a table").click();
    paula.page().locator("select[name=by]").selectOption("tenant");
    paula.button("Show").click();
    paula.page().waitForURL("**by=tenant");
    paula.settled().checkLooks();
    assertThat(paula.text()).contains("Cost by tenant, the dearest first", "acme-health");

    hanna.open("/tenants/acme/spend");
    assertThat(hanna.text()).doesNotContain("acme / month").doesNotContain("acme-labs");
  }

  /** One stream runs and holds a cent; another would need one, and the budget has less. */
  @Test
  @Order(3)
  void showsWhatRunningRequestsHoldAndWhatBudgetsDid() {
    Application application =
        tester.application().upstream("sim-n600-b8-d100000-t0-g1").budget("0.02").create();
    Application spender =
        tester.application().upstream("sim-n20-b8-d1000-t0-g1").budget("0.02").create();
    String tenant = application.tenant();
    HttpResponse<Stream<String>> running = application.openStream();
    try (Stream<String> lines = running.body()) {
      assertThat(running.statusCode()).isEqualTo(200);
      assertThat(lines).isNotNull();
      await()
          .atMost(Patience.FOR_AN_ANSWER)
          .until(() -> first("spend/budgets?under=" + tenant).path("held").asLong() > 0);
      spendAll(spender);
      await()
          .atMost(Patience.FOR_AN_ANSWER)
          .until(() ->
              first("spend/actions?under=" + spender.tenant())
                  .path("action")
                  .asText()
                  .equals("cap"));

      paula.open("/tenants/acme/spend");
      assertThat(row(paula, tenant + " / month").first().innerText()).contains("$0.01", "$0.02");
      assertThat(row(paula, "could not pay").first().innerText())
          .contains(spender.tenant() + " / month", "cap", "100 %", "$0.02");
      paula.checkLooks();
    }
  }

  /** Small requests, until the rest of the budget cannot pay for one more. */
  private static void spendAll(Application application) {
    String body = application.body("\"max_tokens\":20");
    int status;
    do {
      status = application.post(body).statusCode();
    } while (status == 200);
    assertThat(status).isEqualTo(429);
  }

  private JsonNode first(String path) {
    return tester.admin().get(path).path("items").path(0);
  }

  @Test
  @Order(4)
  void makesAKeyThatWorksRotatesItAndRevokesBoth() {
    hanna.open(HEALTH + "/keys").checkLooks();
    Page page = hanna.page();

    page.getByText("Create key").click();
    page.locator("input[name=name]").fill("from-the-console");
    page.locator("input[name=tags]").fill("app=console");
    hanna.checkLooks();
    hanna.button("Create").click();
    String first = secret(page);
    hanna.checkLooks();
    hanna.button("Close").click();
    row(hanna, "from-the-console").waitFor();
    awaitAnswer(first, status -> status == 200);
    assertThat(hanna.text()).contains("from-the-console", "app=console").doesNotContain(first);

    page.getByLabel("Rotate from-the-console").click();
    hanna.checkLooks();
    hanna.button("Rotate").click();
    String second = secret(page);
    hanna.button("Close").click();
    awaitAnswer(second, status -> status == 200);
    assertThat(ask(first, "assistant")).isEqualTo(200);
    page.getByLabel("Details of from-the-console").click();
    page.locator("dialog .lives").waitFor();
    assertThat(page.locator("dialog").innerText()).contains("replaced", "current");
    hanna.checkLooks();
    hanna.button("Close").click();

    page.getByLabel("Revoke from-the-console").click();
    page.locator("dialog .lives").waitFor();
    hanna.checkLooks();
    page.locator("dialog button.primary").click();
    page.locator("dialog").waitFor(gone());
    awaitAnswer(second, status -> status == 401);
    awaitAnswer(first, status -> status == 401);
    assertThat(hanna.open(HEALTH + "/keys").text()).doesNotContain("from-the-console");
  }

  private static Locator.WaitForOptions gone() {
    return new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED);
  }

  private static String secret(Page page) {
    String secret = page.locator("#secret").innerText();
    assertThat(secret).startsWith("pens_");
    Canaries.plantKey(secret);
    return secret;
  }

  @Test
  @Order(5)
  void showsARefusalWithItsFieldAndRemedy() {
    hanna.open(HEALTH + "/keys");
    Page page = hanna.page();

    page.getByText("Create key").click();
    page.locator("input[name=name]").fill("too-much");
    page.locator("input[name=models]").fill("no-such-model");
    hanna.button("Create").click();

    page.locator("dialog .problem").waitFor();
    assertThat(page.locator("dialog .problem").innerText()).contains("models", "no-such-model");
    hanna.checkLooks();
  }

  /** What is pasted is hostile, and secret: it is shown as a text, and stays nowhere. */
  @Test
  @Order(5)
  void writesAGuardTriesItOnATextAndSavesIt() {
    String canary = "zq-canary-of-a-trial@acme.example";
    Canaries.plant(canary);
    String pasted =
        "<img src=x onerror=alert(1)>\"'</textarea> write to " + canary + ", then go on";
    Page page = hanna.open(HEALTH).page();

    page.locator(".page-actions a", new Page.LocatorOptions().setHasText("Guards")).click();
    page.waitForURL("**/guards");
    hanna.settled();
    page.locator("#metadata-name").fill("from-the-console");
    page.getByLabel("Answers").check();
    page.locator("#text").fill(pasted);
    hanna.button("Try").click();
    page.locator("#whole").waitFor();
    assertThat(page.locator("#whole").innerText()).isEqualTo(pasted.replace(canary, "[EMAIL]"));
    assertThat(row(hanna, "[EMAIL]").innerText()).doesNotContain(canary);
    assertThat(row(hanna, "the end").innerText()).endsWith("0");
    assertThat(page.locator("main img").count()).isZero();
    hanna.checkLooks();

    hanna.button("Add detector").click();
    page.locator("#spec-detectors-1-type").selectOption("pattern");
    page.locator("#spec-detectors-1-pattern").fill("(");
    hanna.button("Create guard").click();
    page.locator("#spec-detectors-1-pattern-fault").waitFor();
    assertThat(page.locator("#spec-detectors-1-pattern").getAttribute("aria-invalid"))
        .isEqualTo("true");
    hanna.checkLooks();

    page.locator("#spec-detectors-1-pattern").fill("ACME-[0-9]{6}");
    hanna.button("Create guard").click();
    page.waitForURL("**/guards/from-the-console");
    hanna.settled();
    assertThat(hanna.text()).contains("In the last 24 hours", "It found nothing in requests of");
    page.locator("#spec-detectors-1-action").selectOption("block");
    hanna.button("Save guard").click();
    page.getByText("Saved.").waitFor();
    hanna.checkLooks();

    JsonNode spec = tester.admin().get("tenants/acme-health/guards/from-the-console").path("spec");
    assertThat(spec.path("on")).hasSize(2);
    assertThat(spec.at("/detectors/1/pattern").asText()).isEqualTo("ACME-[0-9]{6}");
    assertThat(spec.at("/detectors/1/action").asText()).isEqualTo("block");
    assertThat(
            (String)
                page.evaluate(
                    "JSON.stringify([location.href, history.state, {...localStorage}, {...sessionStorage}])"))
        .doesNotContain(canary);
    assertThat(hanna.addresses()).isNotEmpty().noneMatch(each -> each.contains("canary"));
  }

  @Test
  @Order(5)
  void tellsWhatAGuardHasFoundOfLate() {
    assertThat(ask(value("OPENAI_API_KEY"), "assistant", "write to bob@acme.example"))
        .isEqualTo(200);
    await()
        .atMost(Patience.FOR_AN_ANSWER)
        .until(() -> !first("tenants/acme/guards/pii-default/findings").isMissingNode());

    paula.open("/tenants/acme/guards/pii-default");

    assertThat(row(paula, "email").first().innerText()).contains("requests", "redact", "1");
    paula.checkLooks();
    hanna.open("/tenants/acme/guards/pii-default");
    assertThat(hanna.text()).contains("Tenant acme does not exist").doesNotContain("redact");
  }

  @Test
  @Order(6)
  void showsNothingOfAForeignTenant() {
    for (String page : List.of("", "/guards", "/keys", "/budgets")) {
      hanna.open("/tenants/acme-labs" + page);
      assertThat(hanna.text()).contains("Tenant acme-labs does not exist");
    }
    hanna.open("/tenants/acme-labs/requests");
    assertThat(hanna.text()).contains("No request yet").doesNotContain("experiments");
    hanna.open("/nodes");
    assertThat(hanna.text()).contains("Forbidden");
    hanna.checkThatNoTokenWasSeen();
  }

  @Test
  @Order(7)
  void showsThePlatformItsNodesTenantsRequestsAndEvents() {
    paula.open("/");
    paula.settled();
    assertThat(paula.text())
        .contains("eu-west-1", "connected", "all enforce the newest revision of their region");
    paula.checkLooks();

    paula.open("/tenants").checkLooks();
    assertThat(paula.text()).contains("acme-health", "acme-labs");
    paula.open("/tenants?search=labs").checkLooks();
    assertThat(paula.text()).contains("Acme Labs").doesNotContain("acme-health");

    paula.open("/requests?tenant=acme-health&credential.name=acme%2Fopenai-eu").checkLooks();
    assertThat(paula.text()).contains("support-assistant", "openai-eu", "version 1");

    paula.open("/audit?tenant=acme-health&action=revoke").checkLooks();
    assertThat(paula.text()).contains("hanna", "ApiKey acme-health/from-the-console", "done");

    paula.open("/tenants/acme-labs");
    assertThat(paula.text()).contains("Every request is recorded with costCenter = 7002.");
    paula.checkThatNoTokenWasSeen();
  }

  @Test
  @Order(8)
  void letsSomebodyOfTwoOrganizationsChoose() {
    try (Visitor bea = visitor("bea")) {
      assertThat(bea.text()).contains("Choose one", "acme-health", "acme-labs");
      bea.checkLooks();

      bea.page().getByText("acme-labs").click();
      bea.page().waitForURL("**/tenants/acme-labs");
      bea.settled();

      assertThat(bea.text()).contains("What binds acme-labs");
      assertThat(bea.open("/tenants/acme-labs/keys").text()).contains("experiments");
      assertThat(bea.page().getByText("Create key").count()).isZero();
    }
  }

  /** Single sign-on: the provider has a session, the console has none any more. */
  @Test
  @Order(9)
  void asksForNoPasswordWhereTheProviderKnowsSomebody() {
    Page page = paula.open("/nodes").page();
    page.navigate(value("PENSTOCK_CONSOLE_URL") + "/sign-in?to=/tenants");
    page.waitForURL("**/tenants");

    assertThat(paula.settled().text()).contains("acme-health");
  }

  @Test
  @Order(10)
  void endsTheSessionHereAndAtTheProvider() {
    paula.page().getByText("Sign out").click();
    paula.page().getByText("Policy, API keys, budgets and requests").waitFor();
    paula.page().getByText("Sign in", new Page.GetByTextOptions().setExact(true)).click();

    paula.page().locator("#username").waitFor(); // it asks for the password again
  }

  @Test
  @Order(11)
  void saysThatTheIdentityProviderIsAwayAndShowsWhatItStillCan() {
    tester.kill("keycloak");

    assertThat(hanna.open(HEALTH + "/keys").text()).contains("support-assistant");
    Page stranger = paula.page();
    stranger.navigate(value("PENSTOCK_CONSOLE_URL") + "/");
    stranger.getByText("Sign in", new Page.GetByTextOptions().setExact(true)).click();
    stranger.getByText("The identity provider does not answer").waitFor();
    paula.checkLooks();
  }
}
