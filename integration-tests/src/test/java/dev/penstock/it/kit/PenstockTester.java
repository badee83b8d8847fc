package dev.penstock.it.kit;

import dev.penstock.cli.installation.Installation;
import dev.penstock.cli.installation.OwnerOnly;
import dev.penstock.cli.installation.Ports;
import dev.penstock.cli.installation.SecretFiles;
import dev.penstock.cli.process.ManagedProcess;
import dev.penstock.cli.up.Stack;
import dev.penstock.cli.up.StackOptions;
import dev.penstock.cli.up.StackOptions.Console;
import dev.penstock.cli.up.StackOptions.Sso;
import dev.penstock.cli.up.StackOptions.Tuning;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A whole installation for tests: Postgres, control plane, a node in each of two regions and the
 * provider simulator, each a process of its own, started as {@code ./penstock up} starts them.
 *
 * <p>The quickstart's root policy names every model, so no test could add one; here the root tenant
 * leaves the choice of models to the tenants below it.
 */
public final class PenstockTester implements AutoCloseable {
  public static final String EU_NODE = "eu-west-1";
  public static final String US_NODE = "us-east-1";

  private static final List<String> SSO_SECRETS =
      List.of(
          "sso-admin-password",
          "sso-password",
          "sso-console-secret",
          "sso-automation-secret",
          "sso-provisioning-secret");

  private static final String MODELS_ARE_THE_TENANTS_CHOICE =
      """
      apiVersion: penstock.dev/v1
      kind: Policy
      metadata: { tenant: acme, name: default }
      spec:
        mode: enforce
        residency: { regions: [eu-west, us-east] }
      ---
      apiVersion: penstock.dev/v1
      kind: Budget
      metadata: { tenant: acme, name: month }
      spec:
        scope: {}
        amount: "1000000.00"
        window: { every: month, timeZone: UTC }
        mode: strict
      """;

  private final Installation installation;
  private final Stack stack;
  private final Admin admin;
  private final Simulator simulator;
  private final Database database;
  private final Optional<Containers> containers;

  private PenstockTester(
      Installation installation, Ports ports, Stack stack, Optional<Containers> containers) {
    this.installation = installation;
    this.stack = stack;
    this.containers = containers;
    Map<String, String> environment = stack.environment();
    admin =
        new Admin(
            URI.create(value(environment, "PENSTOCK_ADMIN_URL")),
            value(environment, "PENSTOCK_ADMIN_TOKEN"));
    simulator = new Simulator(URI.create(value(environment, "PENSTOCK_SIMULATOR_URL")));
    database = new Database(installation, ports);
    Canaries.plantKey(value(environment, "OPENAI_API_KEY"));
    Canaries.plant(value(environment, "PENSTOCK_SIMULATOR_KEY"));
    Canaries.plant(value(environment, "PENSTOCK_ADMIN_TOKEN"));
  }

  /**
   * Starts an installation from nothing.
   *
   * @param name of its folder below {@code target}, where its logs stay for those who look why a
   *     test has failed
   * @param extra what processes get in their environment, by their names
   */
  public static PenstockTester start(String name, Map<String, Map<String, String>> extra) {
    return start(
        name,
        standard -> {
          StackOptions options = standard;
          for (Map.Entry<String, Map<String, String>> process : extra.entrySet()) {
            options =
                options.withTuning(process.getKey(), new Tuning(List.of(), process.getValue()));
          }
          return options;
        });
  }

  /** As above, with anything else changed about how it is started. */
  public static PenstockTester start(String name, UnaryOperator<StackOptions> change) {
    Path state = Repository.scratch(name);
    OwnerOnly.wipe(state);
    Installation installation = new Installation(Repository.root(), state);
    Ports ports = Ports.from(FreePorts.base());
    StackOptions options =
        change.apply(
            StackOptions.standard(installation)
                .withPorts(ports)
                .withConsole(Console.LEFT_OUT)
                .withSso(Sso.LEFT_OUT));
    Optional<Containers> containers =
        switch (Backend.chosen(System.getProperty(Backend.PROPERTY), Containers::dockerAnswers)) {
          case EMBEDDED -> Optional.empty();
          case CONTAINERS -> Optional.of(Containers.of(installation, ports));
        };
    Stack stack = Stack.start(containers.map(each -> each.in(options)).orElse(options));
    try {
      PenstockTester tester = new PenstockTester(installation, ports, stack, containers);
      tester.admin.applyEverywhere(MODELS_ARE_THE_TENANTS_CHOICE);
      return tester;
    } catch (RuntimeException | AssertionError e) {
      stack.close();
      containers.ifPresent(Containers::close);
      throw e;
    }
  }

  /**
   * Waits until people can sign in; of use where single sign-on and the console are not left out.
   */
  public void awaitConsole() {
    boolean there = stack.startSso().join();
    if (!there) {
      throw new AssertionError("no single sign-on; see the logs in " + installation.state());
    }
  }

  /** All installations of this run that have not been closed. */
  public static Collection<PenstockTester> running() {
    return Stacks.running().values();
  }

  public Admin admin() {
    return admin;
  }

  public Simulator simulator() {
    return simulator;
  }

  public Database database() {
    return database;
  }

  public Installation installation() {
    return installation;
  }

  /** What a shell would source. */
  public Map<String, String> environment() {
    return stack.environment();
  }

  /** Plans a tenant with a key and a model of its own. */
  public ApplicationPlan application() {
    return new ApplicationPlan(this);
  }

  /** The first node of a region, for clients. */
  public URI gateway(String region) {
    for (String gateway : value(environment(), "PENSTOCK_GATEWAY_URLS").split(",")) {
      if (gateway.startsWith(region + "=")) {
        return URI.create(gateway.substring(region.length() + 1));
      }
    }
    throw new AssertionError("no gateway in " + region);
  }

  /** Where a process is for its clients. */
  public URI address(String name) {
    return Objects.requireNonNull(process(name).spec().label().url(), name);
  }

  /** What a process tells its monitoring. */
  public String metrics(String name) {
    URI address = process(name).spec().label().opsUrl();
    String path = name.equals("control-plane") ? "/q/metrics" : "/metrics";
    return Http.send(HttpRequest.newBuilder(URI.create(address + path)).GET().build()).body();
  }

  public ManagedProcess process(String name) {
    return stack.process(name);
  }

  /** Ends a process, and the server that it stands for, without a word. */
  public void kill(String name) {
    containers.filter(each -> each.hold(name)).ifPresent(each -> each.kill(name));
    process(name).kill();
  }

  /** The process, and it does its job. */
  public ManagedProcess startAgain(String name) {
    ManagedProcess process = process(name);
    process.start();
    process.awaitReady(Patience.FOR_A_START);
    return process;
  }

  /** Starts Keycloak beside it, and waits until its realm is there. */
  void startSso() {
    if (!stack.startSso().join()) {
      throw new AssertionError("single sign-on did not start: " + installation.log("keycloak"));
    }
    SecretFiles secrets = new SecretFiles(installation);
    SSO_SECRETS.forEach(name -> secrets.find(name).ifPresent(Canaries::plant));
  }

  /** A secret of the installation, as a file of its state folder holds it. */
  public String secret(String name) {
    return new SecretFiles(installation).find(name).orElseThrow();
  }

  /** Runs {@code ./penstock} against this installation. */
  public Command penstock(String... arguments) {
    Map<String, String> environment = new HashMap<>();
    environment.put("PENSTOCK_STATE_DIR", installation.state().toString());
    return Command.penstock(environment, arguments);
  }

  public List<ManagedProcess> processes() {
    return stack.processes();
  }

  @Override
  public void close() {
    stack.close();
    containers.ifPresent(Containers::close);
  }

  private static String value(Map<String, String> environment, String name) {
    String value = environment.get(name);
    if (value == null) {
      throw new AssertionError("the environment has no " + name);
    }
    return value;
  }
}
