package dev.penstock.dataplane.guard;

import dev.penstock.dataplane.dialect.body.Edits.Edit;
import dev.penstock.dataplane.dialect.json.JsonText;
import dev.penstock.dataplane.guard.AnswerWalk.Copy;
import dev.penstock.dataplane.guard.AnswerWalk.Piece;
import dev.penstock.dataplane.guard.AnswerWalk.Sequence;
import dev.penstock.dataplane.relay.sse.EventBatch;
import dev.penstock.dataplane.relay.sse.EventWriter;
import dev.penstock.kernel.guard.GuardedText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An event that waits, or is about to leave. One that is there for a long piece of text alone may
 * leave in two: what of its text nothing can change any more, and the rest, which the next event of
 * the same text takes along where there is one. Owned by one answer.
 */
final class HeldEvent {

  private final boolean onePiece;
  private final boolean copiesGo;
  private final List<Copy> copies;
  private final @Nullable Sequence sequence;
  private List<HeldPiece> pieces;
  private List<Edit> edits = List.of();
  private String before = ""; // text of the event before that leaves with this one
  private boolean rest;
  private byte[] bytes;
  private int from;
  private int to;
  private int dataFrom;
  private int dataTo;
  private int shift; // of its bytes since its texts were found

  /**
   * @param alone whether copies of texts go in any case: servers may send one apart from its text
   */
  HeldEvent(EventBatch batch, int index, AnswerWalk walk, List<HeldPiece> pieces, boolean alone) {
    this(
        batch,
        index,
        pieces,
        walk.isOnePiece() && pieces.size() == 1,
        alone,
        walk.copies(),
        walk.sequence().orElse(null));
  }

  /** One that is there for a piece of a running text alone, and is not counted. */
  static HeldEvent ofOnePiece(EventBatch batch, int index, HeldPiece piece) {
    return new HeldEvent(batch, index, List.of(piece), true, false, List.of(), null);
  }

  private HeldEvent(
      EventBatch batch,
      int index,
      List<HeldPiece> pieces,
      boolean onePiece,
      boolean copiesGo,
      List<Copy> copies,
      @Nullable Sequence sequence) {
    bytes = batch.bytes();
    from = batch.eventStart(index);
    to = batch.eventEnd(index);
    dataFrom = batch.dataStart(index);
    dataTo = batch.dataEnd(index);
    this.onePiece = onePiece;
    this.copiesGo = copiesGo;
    this.copies = copies;
    this.sequence = sequence;
    this.pieces = pieces;
  }

  private HeldEvent(HeldEvent same) {
    bytes = same.bytes;
    from = same.from;
    to = same.to;
    dataFrom = same.dataFrom;
    dataTo = same.dataTo;
    shift = same.shift;
    onePiece = same.onePiece;
    copiesGo = same.copiesGo;
    copies = same.copies;
    sequence = same.sequence;
    before = same.before;
    rest = same.rest;
    pieces = same.pieces;
  }

  List<HeldPiece> pieces() {
    return pieces;
  }

  int size() {
    return to - from;
  }

  boolean hasText() {
    return !pieces.isEmpty();
  }

  /** Whether a part of it has left. */
  boolean isRest() {
    return rest;
  }

  /** Whether it leaves otherwise than it came. */
  boolean isChanged() {
    return !edits.isEmpty();
  }

  /** The batch's bytes are valid until the next read only. */
  void keep(byte[] shared) {
    if (bytes == shared) {
      bytes = Arrays.copyOfRange(bytes, from, to);
      shift = from;
      dataFrom -= from;
      dataTo -= from;
      to -= from;
      from = 0;
    }
  }

  /**
   * Leaves as far as it may; what is left of it waits on.
   *
   * @return empty where it has to wait as a whole
   */
  Optional<HeldEvent> begin() {
    if (!onePiece) {
      return Optional.empty();
    }
    HeldPiece piece = pieces.getFirst();
    int free = piece.free();
    if (free < GuardedText.LEAST_PART) {
      return Optional.empty();
    }
    HeldEvent begin = new HeldEvent(this);
    begin.pieces = List.of(piece.to(free));
    pieces = List.of(piece.from(free));
    before = "";
    // What leaves first counts as the event; only a rest that leaves alone is one more.
    begin.rest = false;
    rest = true;
    return Optional.of(begin.leave());
  }

  /** What is left of it may leave with an event behind it that goes on with the same text. */
  boolean joins(HeldEvent next) {
    boolean same =
        next.onePiece
            && !next.rest
            && next.pieces.getFirst().flow() == pieces.getFirst().flow()
            && next.pieces.getFirst().free() > 0;
    if (same) {
      next.before = before + pieces.getFirst().leave();
    }
    return same;
  }

  /** All of it leaves. */
  HeldEvent leave() {
    edits = onePiece ? onePiece(pieces.getFirst()) : edits(pieces, copies, copiesGo);
    return this;
  }

  private List<Edit> onePiece(HeldPiece piece) {
    String leaves = before + piece.leave();
    return leaves.equals(piece.piece().text())
        ? List.of()
        : new ArrayList<>(List.of(edit(piece.piece(), leaves)));
  }

  /** Counts on where events were added before it. */
  void renumber(int added) {
    if (added > 0 && sequence != null) {
      List<Edit> more = new ArrayList<>(edits);
      more.add(
          new Edit(sequence.start(), sequence.end(), String.valueOf(sequence.number() + added)));
      more.sort(Comparator.comparingInt(Edit::start));
      edits = more;
    }
  }

  void write(EventWriter writer) {
    writer.add(bytes, from, to, dataFrom, dataTo, shift, edits);
  }

  /**
   * What changes in an event's data, by place.
   *
   * @param copiesGo whether copies of texts go even if no text changes
   */
  static List<Edit> edits(List<HeldPiece> texts, List<Copy> copies, boolean copiesGo) {
    List<Edit> edits = new ArrayList<>(0);
    for (HeldPiece each : texts) {
      String leaves = each.leave();
      if (!leaves.equals(each.piece().text())) {
        edits.add(edit(each.piece(), leaves));
      }
    }
    if (copiesGo || !edits.isEmpty()) {
      for (Copy copy : copies) {
        edits.add(new Edit(copy.start(), copy.end(), copy.list() ? "[]" : "null"));
      }
      edits.sort(Comparator.comparingInt(Edit::start));
    }
    return edits;
  }

  private static Edit edit(Piece piece, String leaves) {
    return new Edit(
        piece.start(),
        piece.end(),
        piece.quoted() ? new String(JsonText.quoted(leaves), StandardCharsets.UTF_8) : leaves);
  }
}
