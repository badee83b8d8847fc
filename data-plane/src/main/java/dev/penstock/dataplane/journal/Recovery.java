package dev.penstock.dataplane.journal;

import dev.penstock.dataplane.journal.ExchangeRecord.Charge;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads back what a predecessor left on the disk, whatever state it is in.
 *
 * <p>A file that ends in something else than zeros is believed up to there; the rest is set aside
 * as {@code .bad} unless it is the newest file's, which a loss of power explains. Numbers that are
 * missing are not an error: they become {@link LineType#GAP} records when they are sent. A missing
 * file below the cursor is normal, as removal and cursor are not one step.
 */
final class Recovery {

  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  /** No segment is larger; a file that is was not written by a spool. */
  private static final long MAX_FILE_BYTES = 1L << 30;

  private final SpoolFolder folder;
  private final RecordCodec codec;
  private final Map<String, OpenLine> open = new LinkedHashMap<>();
  private final Map<String, LeaseLine> leases = new LinkedHashMap<>();

  /**
   * A hold that nobody settled.
   *
   * @param amount held at last; 0: as its line says
   */
  record OpenLine(byte[] hold, long outputTokens, long amount) {

    OpenLine with(RecordCodec.Progress progress) {
      return new OpenLine(
          hold,
          Math.max(outputTokens, progress.outputTokens()),
          Math.max(amount, progress.amount()));
    }
  }

  /**
   * What was found.
   *
   * @param open by request id, in the order of their holds
   * @param leases by id
   * @param lastSeq the highest number that was, or may have been, given
   */
  record Found(
      List<Segment> segments,
      Map<String, OpenLine> open,
      Map<String, LeaseLine> leases,
      long lastOrdinal,
      long lastSeq,
      long ackedSeq) {}

  private record Scanned(Path path, long fileBytes, SegmentScan scan) {}

  private Recovery(SpoolFolder folder, RecordCodec codec) {
    this.folder = folder;
    this.codec = codec;
  }

  static Found run(SpoolFolder folder, RecordCodec codec) throws IOException {
    return new Recovery(folder, codec).find();
  }

  private Found find() throws IOException {
    List<Scanned> scanned = scanAll();
    Optional<Cursor> cursor = CursorFile.read(folder.cursorFile());
    List<Segment> segments = new ArrayList<>();
    long lastSeq = cursor.map(Cursor::sent).orElse(0L);
    for (int i = 0; i < scanned.size(); i++) {
      Scanned file = scanned.get(i);
      trim(file, i == scanned.size() - 1);
      Segment segment = Segment.sealed(file.path(), file.scan());
      segments.add(segment);
      lastSeq = Math.max(lastSeq, segment.lastSeq());
      file.scan().lines().forEach(this::replay);
    }
    long oldest = segments.isEmpty() ? 1 : segments.getFirst().firstSeq();
    return new Found(
        segments,
        open,
        leases,
        segments.isEmpty() ? 0 : segments.getLast().ordinal(),
        lastSeq,
        cursor.map(Cursor::acked).orElse(oldest - 1));
  }

  private List<Scanned> scanAll() throws IOException {
    Map<Long, Scanned> byOrdinal = new LinkedHashMap<>();
    for (Path path : folder.segmentFiles()) {
      byte[] file = read(path);
      Optional<SegmentScan> scan = SegmentScan.of(file);
      if (scan.isPresent() && isOurs(scan.get())) {
        Scanned now = new Scanned(path, file.length, scan.get());
        Scanned other = byOrdinal.put(now.scan().ordinal(), now);
        if (other != null) {
          // A segment that was being rewritten when the process died: the longer one has it all.
          boolean keepOther = other.scan().end() > now.scan().end();
          byOrdinal.put(now.scan().ordinal(), keepOther ? other : now);
          Files.delete(keepOther ? now.path() : other.path());
        }
      } else if (SegmentScan.isBlank(file)) {
        Files.delete(path);
      } else {
        LOG.warn("spool: {} has no header and is set aside", path);
        Files.move(path, aside(path), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    List<Scanned> sorted = new ArrayList<>(byOrdinal.values());
    sorted.sort(Comparator.comparingLong(file -> file.scan().ordinal()));
    return consistent(sorted);
  }

  private boolean isOurs(SegmentScan scan) {
    UUID id = scan.spoolId();
    return id.equals(folder.spoolId()) && scan.ordinal() >= 0 && scan.firstSeq() >= 1;
  }

  /** Numbers never run backwards from one segment to the next; one that does was put there. */
  private List<Scanned> consistent(List<Scanned> sorted) throws IOException {
    List<Scanned> kept = new ArrayList<>();
    long last = 0;
    for (Scanned file : sorted) {
      if (file.scan().firstSeq() <= last) {
        LOG.warn("spool: {} repeats numbers and is set aside", file.path());
        Files.move(file.path(), aside(file.path()), StandardCopyOption.REPLACE_EXISTING);
        continue;
      }
      kept.add(file);
      last = file.scan().firstSeq() + file.scan().numberedOffsets().length - 1;
    }
    return kept;
  }

  private static byte[] read(Path path) throws IOException {
    if (Files.size(path) > MAX_FILE_BYTES) {
      return new byte[] {1}; // no header, not blank
    }
    return Files.readAllBytes(path);
  }

  private static Path aside(Path path) {
    return path.resolveSibling(path.getFileName() + ".bad");
  }

  private static void trim(Scanned file, boolean newest) throws IOException {
    long damaged = file.scan().damagedBytes();
    if (damaged > 0) {
      LOG.warn("spool: {} bytes of {} cannot be read and are left out", damaged, file.path());
      if (!newest) {
        Files.copy(file.path(), aside(file.path()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    if (file.fileBytes() > file.scan().end()) {
      try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.WRITE)) {
        channel.truncate(file.scan().end());
        channel.force(true);
      }
    }
  }

  private void replay(SegmentScan.Line line) {
    switch (line.type()) {
      case HOLD ->
          codec
              .readHold(line.payload())
              .ifPresent(held -> {
                OpenLine before = open.get(held.requestId());
                open.put(
                    held.requestId(),
                    before == null
                        ? new OpenLine(line.payload(), 0, 0)
                        : new OpenLine(line.payload(), before.outputTokens(), before.amount()));
              });
      case PROGRESS -> codec.readProgress(line.payload()).ifPresent(this::replayProgress);
      case SETTLE -> codec.readSettled(line.payload()).ifPresent(this::replaySettled);
      case LEASE -> codec.readLease(line.payload()).ifPresent(this::replayLease);
      case GAP -> {}
    }
  }

  private void replayProgress(RecordCodec.Progress progress) {
    open.computeIfPresent(progress.requestId(), (id, line) -> line.with(progress));
  }

  private void replaySettled(RecordCodec.Settled settled) {
    open.remove(settled.requestId());
    for (Charge charge : settled.charges()) {
      leases.computeIfPresent(
          charge.leaseId(), (id, lease) -> lease.plusConsumed(charge.cost().value()));
    }
  }

  private void replayLease(LeaseLine line) {
    if (line.state() == LeaseLine.State.CLOSED) {
      leases.remove(line.leaseId());
      return;
    }
    leases.put(line.leaseId(), line);
  }
}
