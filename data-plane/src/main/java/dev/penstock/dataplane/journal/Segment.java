package dev.penstock.dataplane.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * One file of the spool, mapped into memory: a header, then lines {@code [u32 length][u32
 * crc32c][u8 type][payload]}; the length counts type and payload, the checksum covers both.
 *
 * <p>An append is a copy into the page cache, which survives the death of the process. The length
 * is stored last: a line that was cut short by a kill has length 0 and so is not there. After a
 * loss of power a line may be there in part; its checksum tells.
 *
 * <p>Not thread-safe: the spool's lock guards it, but for {@link #force}.
 */
final class Segment implements AutoCloseable {

  static final int HEADER_BYTES = 64;
  static final int LINE_BYTES = 9;
  static final int MAGIC = 0x50535031; // "PSP1"

  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final Path path;
  private final Arena arena;
  private final MemorySegment memory;
  private final CRC32C crc = new CRC32C();

  private long ordinal;
  private long firstSeq;
  private int[] numbered = new int[256];
  private int numberedCount;
  private int end = HEADER_BYTES;
  private int forced;
  private int openHolds;
  private boolean bad;

  private Segment(Path path, Arena arena, MemorySegment memory) {
    this.path = path;
    this.arena = arena;
    this.memory = memory;
  }

  /** Maps a file that has been filled with zeros; {@link #activate} makes it part of the spool. */
  static Segment spare(Path path) throws IOException {
    Segment segment = map(path, MapMode.READ_WRITE);
    segment.memory.load(); // so that no append waits for its page
    return segment;
  }

  /** Maps what recovery found: it is read, never appended to. */
  static Segment sealed(Path path, SegmentScan scan) throws IOException {
    Segment segment = map(path, MapMode.READ_ONLY);
    segment.ordinal = scan.ordinal();
    segment.firstSeq = scan.firstSeq();
    segment.numbered = scan.numberedOffsets();
    segment.numberedCount = segment.numbered.length;
    segment.end = scan.end();
    segment.forced = scan.end();
    return segment;
  }

  @SuppressWarnings("MustBeClosedChecker") // the segment owns it and closes it
  private static Segment map(Path path, MapMode mode) throws IOException {
    Arena arena = Arena.ofShared();
    try (FileChannel channel =
        mode == MapMode.READ_ONLY
            ? FileChannel.open(path, StandardOpenOption.READ)
            : FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return new Segment(path, arena, channel.map(mode, 0, channel.size(), arena));
    } catch (IOException e) {
      arena.close();
      throw e;
    }
  }

  void activate(UUID spoolId, long newOrdinal, long newFirstSeq) {
    ordinal = newOrdinal;
    firstSeq = newFirstSeq;
    memory.set(LONG, 8, spoolId.getMostSignificantBits());
    memory.set(LONG, 16, spoolId.getLeastSignificantBits());
    memory.set(LONG, 24, ordinal);
    memory.set(LONG, 32, firstSeq);
    memory.set(INT, 40, headerCrc(memory.asSlice(8, 32).toArray(ValueLayout.JAVA_BYTE)));
    VarHandle.releaseFence();
    memory.set(INT, 0, MAGIC);
  }

  static int headerCrc(byte[] fields) {
    CRC32C crc = new CRC32C();
    crc.update(fields);
    return (int) crc.getValue();
  }

  int remaining() {
    return (int) memory.byteSize() - end;
  }

  static int sizeOf(byte[] payload) {
    return LINE_BYTES + payload.length;
  }

  /** Appends a line that fits, with the payload from {@code from} on; returns where it stands. */
  int append(LineType type, byte[] payload, int from) {
    int offset = end;
    int length = payload.length - from;
    crc.reset();
    crc.update(type.code());
    crc.update(payload, from, length);
    memory.set(INT, offset + 4L, (int) crc.getValue());
    memory.set(ValueLayout.JAVA_BYTE, offset + 8L, type.code());
    MemorySegment.copy(payload, from, memory, ValueLayout.JAVA_BYTE, offset + LINE_BYTES, length);
    // The compiler must not move the length before what it vouches for.
    VarHandle.releaseFence();
    memory.set(INT, offset, length + 1);
    end += LINE_BYTES + length;
    if (type.isNumbered()) {
      if (numberedCount == numbered.length) {
        numbered = Arrays.copyOf(numbered, 2 * numberedCount);
      }
      numbered[numberedCount++] = offset;
    }
    return offset;
  }

  byte[] payloadAt(int offset) {
    int length = memory.get(INT, offset);
    return memory.asSlice(offset + LINE_BYTES, length - 1L).toArray(ValueLayout.JAVA_BYTE);
  }

  byte[] numberedPayload(long seq) {
    return payloadAt(numbered[(int) (seq - firstSeq)]);
  }

  int numberedSize(long seq) {
    return memory.get(INT, numbered[(int) (seq - firstSeq)]) - 1;
  }

  /** Bytes from a number to the end of the segment. */
  int bytesFrom(long seq) {
    if (seq > lastSeq()) {
      return 0;
    }
    return end - numbered[(int) Math.max(0, seq - firstSeq)];
  }

  /** Takes over everything that another segment says, header included. */
  void copyOf(Segment other) {
    MemorySegment.copy(other.memory, 0, memory, 0, other.end);
    ordinal = other.ordinal;
    firstSeq = other.firstSeq;
    numbered = other.numbered.clone();
    numberedCount = other.numberedCount;
    end = other.end;
    openHolds = other.openHolds;
  }

  /** Waits until everything before {@code upTo} is on the disk; only the keeper calls it. */
  void force(int upTo) throws IOException {
    try {
      memory.asSlice(forced, upTo - forced).force();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  void onForced(int upTo) {
    forced = upTo;
  }

  boolean isDirty() {
    return forced < end;
  }

  int end() {
    return end;
  }

  Path path() {
    return path;
  }

  long ordinal() {
    return ordinal;
  }

  long firstSeq() {
    return firstSeq;
  }

  /** Highest number in here; {@code firstSeq - 1} if there is none. */
  long lastSeq() {
    return firstSeq + numberedCount - 1;
  }

  long fileBytes() {
    return memory.byteSize();
  }

  int openHolds() {
    return openHolds;
  }

  void addOpenHolds(int change) {
    openHolds += change;
  }

  boolean isBad() {
    return bad;
  }

  void markBad() {
    bad = true;
  }

  @Override
  public void close() {
    arena.close();
  }
}
