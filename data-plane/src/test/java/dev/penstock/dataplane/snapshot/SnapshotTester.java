package dev.penstock.dataplane.snapshot;

import static dev.penstock.dataplane.snapshot.SnapshotKit.REGION;
import static dev.penstock.dataplane.snapshot.SnapshotKit.SIGNING;

import dev.penstock.dataplane.wire.PolicyReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** What a node keeps of its snapshots, in a folder; it can be started again. */
final class SnapshotTester implements AutoCloseable {

  private final Path dir;
  final List<Rehearsal> rehearsals = new CopyOnWriteArrayList<>();
  CurrentSnapshot current = new CurrentSnapshot();
  SnapshotClient client;

  SnapshotTester(Path dir) throws IOException {
    this.dir = dir;
    client = open();
  }

  private SnapshotClient open() throws IOException {
    return SnapshotClient.open(
        dir,
        REGION,
        List.of(SIGNING.getPublic(), SnapshotKit.NEXT_SIGNING.getPublic()),
        new PolicyReader(),
        current,
        rehearsals);
  }

  void restart() throws IOException {
    client.close();
    current = new CurrentSnapshot();
    client = open();
  }

  SnapshotAnswer offer(SnapshotChunk chunk) throws Exception {
    CompletableFuture<SnapshotAnswer> answer = new CompletableFuture<>();
    client.onChunk(chunk, answer::complete);
    return answer.get(10, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    client.close();
  }
}
