package dev.penstock.cli.up;

import dev.penstock.cli.installation.Installation;
import dev.penstock.cli.installation.NodePlan;
import dev.penstock.cli.installation.Ports;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What can be chosen about an installation.
 *
 * @param environment where {@code fromEnv} of the quickstart's secrets looks
 * @param tuning by process name, or by kind; the name wins
 * @param commands of processes that are started in another way than ours, by name
 */
public record StackOptions(
    Installation installation,
    Ports ports,
    NodePlan nodes,
    Data data,
    Upstream upstream,
    Console console,
    Sso sso,
    Map<String, String> environment,
    Map<String, Tuning> tuning,
    Map<String, List<String>> commands) {

  /** Whether what an earlier run stored is still there. */
  public enum Data {
    KEPT,
    WIPED
  }

  /** Who answers behind the gateway. */
  public enum Upstream {
    SIMULATOR,
    REAL_OPENAI
  }

  /** Whether the console is started; tests of the gateway do without. */
  public enum Console {
    STARTED,
    LEFT_OUT
  }

  /** Whether single sign-on is there for the admin API and the console. */
  public enum Sso {
    STARTED,
    LEFT_OUT
  }

  /** Additions to how a process is started. Flags come after ours, so they win. */
  public record Tuning(List<String> jvmFlags, Map<String, String> environment) {
    public static final Tuning NONE = new Tuning(List.of(), Map.of());

    public Tuning {
      jvmFlags = List.copyOf(jvmFlags);
      environment = Map.copyOf(environment);
    }
  }

  public StackOptions {
    environment = Map.copyOf(environment);
    tuning = Map.copyOf(tuning);
    commands = Map.copyOf(commands);
  }

  /** What {@code ./penstock up} does without options. */
  public static StackOptions standard(Installation installation) {
    return new StackOptions(
        installation,
        Ports.standard(),
        NodePlan.oneInEachOfTwoRegions(),
        Data.KEPT,
        Upstream.SIMULATOR,
        Console.STARTED,
        Sso.STARTED,
        Map.of(),
        Map.of(),
        Map.of());
  }

  public StackOptions withPorts(Ports chosen) {
    return new StackOptions(
        installation, chosen, nodes, data, upstream, console, sso, environment, tuning, commands);
  }

  public StackOptions withNodes(NodePlan chosen) {
    return new StackOptions(
        installation, ports, chosen, data, upstream, console, sso, environment, tuning, commands);
  }

  public StackOptions withData(Data chosen) {
    return new StackOptions(
        installation, ports, nodes, chosen, upstream, console, sso, environment, tuning, commands);
  }

  public StackOptions withUpstream(Upstream chosen) {
    return new StackOptions(
        installation, ports, nodes, data, chosen, console, sso, environment, tuning, commands);
  }

  public StackOptions withConsole(Console chosen) {
    return new StackOptions(
        installation, ports, nodes, data, upstream, chosen, sso, environment, tuning, commands);
  }

  public StackOptions withSso(Sso chosen) {
    return new StackOptions(
        installation, ports, nodes, data, upstream, console, chosen, environment, tuning, commands);
  }

  public StackOptions withEnvironment(Map<String, String> chosen) {
    return new StackOptions(
        installation, ports, nodes, data, upstream, console, sso, chosen, tuning, commands);
  }

  public StackOptions withTuning(String process, Tuning chosen) {
    Map<String, Tuning> all = new HashMap<>(tuning);
    all.put(process, chosen);
    return new StackOptions(
        installation, ports, nodes, data, upstream, console, sso, environment, all, commands);
  }

  /**
   * Starts a process by this command, which does all that ours does; of servers that are not ours.
   */
  public StackOptions withCommand(String process, List<String> command) {
    Map<String, List<String>> all = new HashMap<>(commands);
    all.put(process, List.copyOf(command));
    return new StackOptions(
        installation, ports, nodes, data, upstream, console, sso, environment, tuning, all);
  }

  List<String> command(String process, List<String> ours) {
    return commands.getOrDefault(process, ours);
  }

  Tuning tuning(String name, String kind) {
    return tuning.getOrDefault(name, tuning.getOrDefault(kind, Tuning.NONE));
  }
}
