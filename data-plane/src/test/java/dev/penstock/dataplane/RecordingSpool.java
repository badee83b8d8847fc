package dev.penstock.dataplane;

import dev.penstock.dataplane.journal.Spool;
import dev.penstock.dataplane.journal.SpoolLimits;
import dev.penstock.dataplane.wire.SpoolRecords;
import dev.penstock.proto.usage.v1.RequestRecord;
import dev.penstock.proto.usage.v1.SpoolRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** A real spool whose records a test can read. */
record RecordingSpool(Spool spool) implements AutoCloseable {

  static RecordingSpool open(Path dir) throws IOException {
    return new RecordingSpool(
        Spool.open(
            dir.resolve("spool"), SpoolLimits.DEFAULT, new SpoolRecords("eu-west-1", "eu-west")));
  }

  /** What has been recorded so far, in order. */
  List<RequestRecord> records() {
    return spool
        .batch(1, 500, 4 << 20)
        .map(batch -> batch.records().stream().map(RecordingSpool::parse).toList())
        .orElse(List.of());
  }

  private static RequestRecord parse(byte[] bytes) {
    try {
      return SpoolRecord.parseFrom(bytes).getRequest();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    spool.close();
  }
}
