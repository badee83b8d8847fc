package dev.penstock.benchmarks.target;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.benchmarks.load.StreamShape;
import dev.penstock.cli.process.ManagedProcess;
import dev.penstock.cli.up.Stack;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * One node of a whole installation, with one event loop and everything that governs switched on.
 */
final class Penstock implements Target {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What is asked of the node. */
  private enum Way {
    KEPT("", "bench"),
    TRANSLATED("; OpenAI's clients, a provider that speaks Anthropic's Messages", "bench"),
    GUARDED(
        "; guards search every answer for personal data and credentials as it streams",
        "bench-guarded");

    private final String description;
    private final String tenant;

    Way(String description, String tenant) {
      this.description = description;
      this.tenant = tenant;
    }
  }

  private final String name;
  private final Way way;
  private final Stack stack;
  private final ManagedProcess node;
  private final JsonNode applied;
  private final InetSocketAddress address;

  Penstock(String name, Stack stack, String nodeName, List<StreamShape> shapes) {
    this.name = name;
    this.way = Way.KEPT;
    this.stack = stack;
    this.node = stack.process(nodeName);
    URI url = Objects.requireNonNull(node.spec().label().url(), "url");
    this.address = new InetSocketAddress(url.getHost(), url.getPort());
    this.applied = stack.admin().apply(Governance.manifests(shapes)).answer();
  }

  private Penstock(Penstock same, String name, Way way) {
    this.name = name;
    this.way = way;
    this.stack = same.stack;
    this.node = same.node;
    this.applied = same.applied;
    this.address = same.address;
  }

  /** The same node, asked for models whose provider speaks another dialect than the clients. */
  Penstock translated() {
    return new Penstock(this, "translated", Way.TRANSLATED);
  }

  /** The same node, asked by a tenant whose answers have to pass guards. */
  Penstock guarded() {
    return new Penstock(this, "guarded", Way.GUARDED);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String description() {
    return "one node of a full installation, one event loop, allow-list, residency, two budgets,"
        + " API key, metering and records on"
        + way.description;
  }

  @Override
  public InetSocketAddress address() {
    return address;
  }

  @Override
  public String key() {
    for (JsonNode made : applied.path("keys")) {
      if (made.path("tenant").asText().equals(way.tenant)) {
        return made.path("key").asText();
      }
    }
    throw new IllegalStateException("the control plane made no key for the tenant " + way.tenant);
  }

  @Override
  public String model(StreamShape shape) {
    return way == Way.TRANSLATED ? Governance.translated(shape) : shape.name();
  }

  @Override
  public List<Long> processes() {
    return List.of(node.pid());
  }

  /** Control plane and database: they take in what the node records. */
  @Override
  public List<Long> helpers() {
    return stack.processes().stream()
        .filter(ManagedProcess::isRunning)
        .filter(process -> !process.name().equals(node.name()))
        .filter(process -> !process.name().equals("provider-sim"))
        .map(ManagedProcess::pid)
        .flatMap(pid -> ProcessHandle.of(pid).stream())
        .<Long>mapMulti((process, all) -> {
          all.accept(process.pid());
          process.descendants().forEach(child -> all.accept(child.pid()));
        })
        .toList();
  }

  @Override
  public void restart() {
    node.stop();
    node.start();
    node.awaitReady(PATIENCE);
  }

  @Override
  public boolean needsWarmUp() {
    return true;
  }
}
