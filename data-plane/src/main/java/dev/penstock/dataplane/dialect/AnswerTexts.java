package dev.penstock.dataplane.dialect;

import dev.penstock.kernel.guard.TextForm;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a guard has to know of the answers of one dialect: which strings of its events are pieces of
 * one text, and when a text ends. Paths are names with dots between, without the places in lists,
 * such as {@code choices.delta.content}. Holds nothing.
 */
public interface AnswerTexts {

  /**
   * A text whose pieces come in several events.
   *
   * @param acrossGroups whether it goes on from one group to the next, as clients join them
   */
  record Flow(String name, TextForm form, boolean acrossGroups) {

    public static Flow plain(String name) {
      return new Flow(name, TextForm.PLAIN, false);
    }

    public static Flow json(String name) {
      return new Flow(name, TextForm.JSON, false);
    }

    public static Flow across(String name) {
      return new Flow(name, TextForm.PLAIN, true);
    }
  }

  /**
   * Of which text a string is a piece; empty where it stands for itself.
   *
   * @param type of the event; empty where events have none
   */
  Optional<Flow> flow(String type, String path);

  /**
   * Whether a member of this name holds an id or a word of the API, which no model writes, or what
   * none can read; except where all is {@link #isFree}.
   */
  boolean isName(String name);

  /** Whether what stands there is said again of the request. */
  default boolean isAsked(String path) {
    return false;
  }

  /**
   * Whether what stands there is an image, sound or file that nobody can search.
   *
   * @param text as it stands there
   */
  boolean isOpaque(String type, String path, String text);

  /** Whether all that stands there is a model's: names, numbers and ids as well. */
  default boolean isFree(String path) {
    return false;
  }

  /** Whether there are such places at all. */
  default boolean hasFree() {
    return false;
  }

  /**
   * The member at the top of an event that numbers what texts belong to; null where it is the item
   * of a list.
   */
  @Nullable String groupedBy();

  /** Whether all texts of the event's group end with it. */
  default boolean endsGroup(String type) {
    return false;
  }

  /**
   * Whether texts that go on across groups end with it, such as an event that begins something
   * else.
   *
   * @param begins the type of what it begins; empty: nothing
   */
  default boolean endsAcross(String begins) {
    return false;
  }

  /** Whether all texts end with it. */
  default boolean endsAll(String type) {
    return false;
  }

  /** The member of a list's item that, once it is stated, says that the item's texts end. */
  default String endedBy() {
    return "";
  }

  /** Whether an event of this type says again what others have said. */
  default boolean repeats(String type) {
    return false;
  }
}
