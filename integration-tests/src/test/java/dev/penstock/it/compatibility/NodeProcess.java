package dev.penstock.it.compatibility;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.it.kit.Json;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.opentest4j.TestAbortedException;

/**
 * The one process in which the JavaScript SDKs run. It takes questions as lines of JSON, many at a
 * time, and answers each with a line that has the question's {@code id}; it ends with the tests,
 * when its input does.
 *
 * <p>Safe for use by many threads.
 */
final class NodeProcess {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final BufferedWriter questions;
  private final Map<Long, CompletableFuture<JsonNode>> open = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();

  private NodeProcess(Path folder, Process process) {
    this.folder = folder;
    questions = process.outputWriter();
    Thread.ofVirtual().start(() -> listen(process.inputReader()));
  }

  /** Begins to install and start it, if nobody has, while the tests do something else. */
  static void prepare() {
    Objects.requireNonNull(Shared.PROCESS, "started by reading it");
  }

  /**
   * The process.
   *
   * @throws TestAbortedException where there can be none, so that what needs it is skipped
   */
  static NodeProcess shared() {
    return Shared.PROCESS
        .join()
        .orElseThrow(() ->
            new TestAbortedException(
                "no Node 20, or npm cannot install: they are needed to ask JavaScript's SDKs"));
  }

  /** Skips a test where there can be none. */
  static void assume() {
    Objects.requireNonNull(shared());
  }

  /** Where the SDKs are installed. */
  Path folder() {
    return folder;
  }

  /** The answer to a question, which gets an {@code id} here. */
  CompletableFuture<JsonNode> ask(ObjectNode question) {
    long id = ids.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    open.put(id, answer); // before it is asked, as the answer may come at once
    synchronized (questions) {
      try {
        questions.write(JSON.writeValueAsString(question.put("id", id)));
        questions.newLine();
        questions.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return answer;
  }

  private void listen(BufferedReader answers) {
    answers
        .lines()
        .forEach(line -> {
          JsonNode answer = Json.parse(line);
          Objects.requireNonNull(open.remove(answer.path("id").asLong()), line).complete(answer);
        });
    AssertionError ended = new AssertionError("the process with the JavaScript SDKs has ended");
    open.values().forEach(answer -> answer.completeExceptionally(ended));
  }

  private static Optional<NodeProcess> start() {
    return NodePackages.install().map(NodeProcess::startIn);
  }

  private static NodeProcess startIn(Path folder) {
    try {
      Path complaints = folder.resolve("node.log");
      return new NodeProcess(
          folder,
          new ProcessBuilder("node", "answers.js")
              .directory(folder.toFile())
              .redirectError(complaints.toFile())
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Made when somebody first asks for it. */
  private static final class Shared {
    static final CompletableFuture<Optional<NodeProcess>> PROCESS =
        CompletableFuture.supplyAsync(NodeProcess::start);
  }
}
