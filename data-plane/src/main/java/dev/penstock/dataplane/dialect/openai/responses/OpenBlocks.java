package dev.penstock.dataplane.dialect.openai.responses;

import dev.penstock.dataplane.dialect.MalformedAnswer;
import dev.penstock.dataplane.dialect.ModelEvent;
import dev.penstock.dataplane.dialect.ModelEvent.Block;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which block each part of a provider's output is. Sees to the order that {@link ModelEvent}
 * promises: whatever begins ends what may not overlap it.
 */
final class OpenBlocks {

  /** More parts than any model's answer has. */
  static final int MAX_BLOCKS = 1_024;

  /** The part of an item that is one block as a whole: a call, or reasoning. */
  static final int WHOLE_ITEM = -1;

  private record Place(int outputIndex, int partIndex) {}

  /** One block and how far it is. */
  static final class Piece {
    private final Place place;
    private final int block;
    private final Block content;
    private boolean ended;
    private boolean said;
    private int part;

    private Piece(Place place, int block, Block content) {
      this.place = place;
      this.block = block;
      this.content = content;
    }

    int block() {
      return block;
    }

    Block content() {
      return content;
    }

    boolean ended() {
      return ended;
    }

    /** Whether anything of it has been told. */
    boolean said() {
      return said;
    }

    /** Something of it is told now, of the given part of a summary. */
    void say(int ofPart) {
      said = true;
      part = ofPart;
    }

    int part() {
      return part;
    }
  }

  private final Map<Place, Piece> pieces = new HashMap<>();
  private final List<Piece> open = new ArrayList<>(2);
  private @Nullable Piece last; // nearly always the one that the next event is about

  @Nullable Piece find(int outputIndex, int partIndex) {
    Piece recent = last;
    if (recent != null
        && recent.place.outputIndex == outputIndex
        && recent.place.partIndex == partIndex) {
      return recent;
    }
    Piece found = pieces.get(new Place(outputIndex, partIndex));
    last = found == null ? last : found;
    return found;
  }

  Piece start(int outputIndex, int partIndex, Block content, Consumer<ModelEvent> out)
      throws MalformedAnswer {
    if (pieces.size() == MAX_BLOCKS) {
      throw new MalformedAnswer("more than " + MAX_BLOCKS + " parts in one answer");
    }
    boolean isCall = content instanceof Block.ToolCall;
    for (Piece other : List.copyOf(open)) {
      if (!isCall || !(other.content instanceof Block.ToolCall)) {
        end(other, out);
      }
    }
    Place place = new Place(outputIndex, partIndex);
    Piece piece = new Piece(place, pieces.size(), content);
    pieces.put(place, piece);
    open.add(piece);
    last = piece;
    out.accept(new ModelEvent.BlockStarted(piece.block, content));
    return piece;
  }

  void end(Piece piece, Consumer<ModelEvent> out) {
    if (!piece.ended) {
      piece.ended = true;
      open.remove(piece);
      out.accept(new ModelEvent.BlockEnded(piece.block));
    }
  }

  void endAll(Consumer<ModelEvent> out) {
    for (Piece piece : List.copyOf(open)) {
      end(piece, out);
    }
  }

  boolean isEmpty() {
    return pieces.isEmpty();
  }

  boolean any(Class<? extends Block> kind) {
    return pieces.values().stream().anyMatch(piece -> kind.isInstance(piece.content));
  }
}
