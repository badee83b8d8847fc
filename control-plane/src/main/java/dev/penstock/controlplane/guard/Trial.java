package dev.penstock.controlplane.guard;

import java.util.List;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What a guard that was tried found in a text, and what would become of the text. Places are in
 * characters of UTF-16, as JavaScript and Java count them.
 *
 * @param on where the guard looks
 * @param finds in the order of the detectors
 * @param findsLeftOut so many more there are
 * @param whole as of a request, or of an answer in one piece
 * @param stream as of an answer that streams
 */
@Schema(name = "GuardTrial")
public record Trial(
    List<String> on,
    List<Find> finds,
    int findsLeftOut,
    @Schema(description = "As a request or an answer in one piece") Whole whole,
    @Schema(description = "As an answer that comes in pieces") Stream stream) {

  public Trial {
    on = List.copyOf(on);
    finds = List.copyOf(finds);
    Objects.requireNonNull(whole, "whole");
    Objects.requireNonNull(stream, "stream");
  }

  /** Something that a detector has found; never the text. */
  @Schema(name = "GuardTrialFind")
  public record Find(
      @Schema(description = "Its place in `spec.detectors`") int detector,
      String type,
      String rule,
      String action,
      int start,
      @Schema(description = "Behind its last character") int end) {}

  /** Why a text would not go on. */
  @Schema(name = "GuardTrialBlocked")
  public record Blocked(
      String reason,
      @Schema(description = "Its place in `spec.detectors`; null where none of them did it")
          @Nullable Integer detector) {}

  /** A text in one piece: as it would go on, or why it would not. */
  @Schema(name = "GuardTrialWhole")
  public record Whole(@Nullable String text, @Nullable Blocked blocked) {

    @Override
    public String toString() {
      return "Whole[" + (blocked == null ? "" : blocked) + "]";
    }
  }

  /**
   * A piece has come.
   *
   * @param start where it begins; the last one is empty, and stands for the end of the text
   * @param leaves what the client gets then
   * @param waiting so many characters have come and not left
   */
  @Schema(name = "GuardTrialPiece")
  public record Piece(
      int start,
      int end,
      @Schema(description = "What the client gets then") String leaves,
      @Schema(description = "So many characters have come and not left") int waiting) {

    @Override
    public String toString() {
      return "Piece[%d, %d, %d]".formatted(start, end, waiting);
    }
  }

  /** A text in pieces; where it is blocked, the last piece is the one with which it was. */
  @Schema(name = "GuardTrialStream")
  public record Stream(List<Piece> pieces, @Nullable Blocked blocked, int mostWaiting) {

    public Stream {
      pieces = List.copyOf(pieces);
    }
  }
}
