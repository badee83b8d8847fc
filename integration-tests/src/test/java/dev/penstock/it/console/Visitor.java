package dev.penstock.it.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.WaitForSelectorState;
import dev.penstock.it.kit.Patience;
import dev.penstock.it.kit.Repository;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** Somebody in front of the console, and what a script on its pages could have seen. */
final class Visitor implements AutoCloseable {

  private static final int DESK = 1280;
  private static final int PHONE = 390;

  private static final AtomicInteger PICTURES = new AtomicInteger();

  /** How every JSON web token begins. */
  private static final Pattern TOKEN = Pattern.compile("eyJ[A-Za-z0-9_-]{10,}");

  private final BrowserContext context;
  private final String console;
  private final Page page;
  private final Map<String, String> bodies = new LinkedHashMap<>();
  private final List<String> complaints = new ArrayList<>();

  Visitor(BrowserContext context, String console) {
    this.context = context;
    this.console = console;
    context.setDefaultTimeout(Patience.FOR_AN_ANSWER.toMillis());
    page = context.newPage();
    page.route(console + "/api/**", this::pass);
    page.onPageError(complaints::add);
    page.onConsoleMessage(message -> {
      if (message.text().contains("Content Security Policy")) {
        complaints.add(message.text());
      }
    });
  }

  /** Reads every answer on its way: a browser forgets those of the page before. */
  private void pass(Route route) {
    APIResponse answer = route.fetch();
    bodies.put(route.request().url(), answer.headers() + answer.text());
    route.fulfill(new Route.FulfillOptions().setResponse(answer));
  }

  /** By the real form of the identity provider. */
  Visitor signIn(String user, String password) {
    page.navigate(console + "/");
    page.getByText("Sign in", new Page.GetByTextOptions().setExact(true)).click();
    page.locator("#username").fill(user);
    page.locator("#password").fill(password);
    page.locator("#kc-login").click();
    page.locator("main h1").waitFor();
    return this;
  }

  Visitor open(String path) {
    page.navigate(console + path);
    return settled();
  }

  /** Until the page shows what it was asked for. */
  Visitor settled() {
    page.locator("main h1").waitFor();
    page.locator(".loading")
        .waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.HIDDEN));
    return this;
  }

  String text() {
    return page.locator("main").innerText();
  }

  Page page() {
    return page;
  }

  /** What its pages asked for, in the words of addresses. */
  Set<String> addresses() {
    return Set.copyOf(bodies.keySet());
  }

  Locator button(String name) {
    return page.locator("button", new Page.LocatorOptions().setHasText(name)).last();
  }

  /** Light on a desk, dark in a hand: nothing that hinders, nothing that sticks out. */
  Visitor checkLooks() {
    checkLooks(ColorScheme.DARK, PHONE);
    checkLooks(ColorScheme.LIGHT, DESK);
    return this;
  }

  private void checkLooks(ColorScheme colours, int width) {
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(colours));
    page.setViewportSize(width, 900);
    page.screenshot(new Page.ScreenshotOptions().setPath(picture(colours)).setFullPage(true));
    List<String> hindrances =
        new AxeBuilder(page).analyze().getViolations().stream().map(Visitor::tell).toList();
    assertThat(hindrances).as("%s, %s, %d px", page.url(), colours, width).isEmpty();
    assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
        .as("%s fits into %d px", page.url(), width)
        .isEqualTo(true);
  }

  /** For eyes: in the order in which they were looked at. */
  private Path picture(ColorScheme colours) {
    String where = page.url().substring(console.length()).replaceAll("[^a-z0-9]+", "-");
    return Repository.root()
        .resolve("integration-tests/target/looks")
        .resolve(
            "%03d%s-%s.png"
                .formatted(
                    PICTURES.incrementAndGet(), where, colours.name().toLowerCase(Locale.ROOT)));
  }

  private static String tell(Rule rule) {
    return rule.getId() + " at " + rule.getNodes().getFirst().getHtml();
  }

  /** Nothing of the session is within a script's reach, nor was. */
  void checkThatNoTokenWasSeen() {
    assertThat(page.evaluate("document.cookie")).isEqualTo("");
    assertThat((String) page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])"))
        .doesNotContainPattern(TOKEN);
    assertThat(context.cookies(console))
        .filteredOn(cookie -> cookie.name.startsWith("q_session"))
        .isNotEmpty()
        .allMatch(cookie -> cookie.httpOnly);
    assertThat((String) page.evaluate("document.documentElement.outerHTML"))
        .doesNotContainPattern(TOKEN);
    assertThat(bodies.keySet()).hasSizeGreaterThan(5);
    bodies.forEach((address, body) -> {
      assertThat(address).doesNotContainPattern(TOKEN);
      assertThat(body).as(address).doesNotContainPattern(TOKEN);
    });
    assertThat(complaints).isEmpty();
  }

  @Override
  public void close() {
    context.close();
  }
}
