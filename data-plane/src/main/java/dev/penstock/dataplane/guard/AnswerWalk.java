package dev.penstock.dataplane.guard;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.penstock.dataplane.dialect.AnswerTexts;
import dev.penstock.dataplane.dialect.AnswerTexts.Flow;
import dev.penstock.dataplane.dialect.MalformedAnswer;
import dev.penstock.dataplane.dialect.json.JsonBytes;
import dev.penstock.kernel.guard.TextForm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the texts of one event, or of a whole answer: every string that is no name of the API, so
 * that no field that a provider adds one day is a way around a guard.
 */
final class AnswerWalk {

  private static final int MAX_DEPTH = 200;
  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);
  private static final String LOGPROBS = "logprobs";
  private static final String INDEX = "index";
  private static final String USAGE = "usage";
  private static final String SEQUENCE = "sequence_number";

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(Integer.MAX_VALUE) // the limit on events and answers holds
                  .build())
          .build();

  /**
   * A text, or a piece of one.
   *
   * @param flow of which it is a piece; null: it stands for itself
   * @param group see {@link AnswerTexts#groupedBy}
   * @param inner which of the flows of this name in the group
   * @param start place of its first byte, with the quote
   * @param quoted whether it is a string, or else a number
   */
  record Piece(
      @Nullable Flow flow,
      int group,
      int inner,
      String path,
      int start,
      int end,
      String text,
      TextForm form,
      boolean quoted) {}

  /** The event's number in its stream, which its dialect counts. */
  record Sequence(int start, int end, int number) {}

  /** A copy of texts, token by token, which goes where one of them is changed. */
  record Copy(int start, int end, boolean list) {}

  private record Raw(
      String path,
      int lists,
      int outer,
      int nested,
      int start,
      int end,
      String text,
      boolean quoted) {}

  /** The number that an item of a list within a list states. */
  private record Nested(String list, int outer, int nested, int number) {}

  private final AnswerTexts rules;
  private final List<Raw> raw = new ArrayList<>(2);
  private final List<Piece> pieces = new ArrayList<>(2);
  private final List<Copy> copies = new ArrayList<>(0);
  private final List<Integer> endedItems = new ArrayList<>(0);
  private final Map<Integer, Integer> outerIndexes = new HashMap<>(2);
  private final List<Nested> nestedIndexes = new ArrayList<>(0);
  private final Map<String, Integer> numbers = new HashMap<>(4);
  private String type = "";
  private String begins = ""; // of a block that the event begins
  private boolean told; // usage, which must not be told twice
  private @Nullable Sequence sequence;
  private @Nullable String firstOpaque;

  private AnswerWalk(AnswerTexts rules) {
    this.rules = rules;
  }

  /**
   * @throws MalformedAnswer where it is not JSON
   */
  static AnswerWalk of(AnswerTexts rules, byte[] bytes, int from, int to) throws MalformedAnswer {
    AnswerWalk walk = new AnswerWalk(rules);
    boolean mark = Arrays.equals(bytes, from, to, DONE, 0, DONE.length);
    if (from < to && !mark) {
      try (JsonParser json = JSON.createParser(bytes, from, to - from)) {
        walk.read(json, bytes, from, to);
      } catch (IOException malformed) {
        throw new MalformedAnswer("a guard has to look at it, and it is no JSON");
      }
      walk.sort();
    }
    return walk;
  }

  /** In the order in which they stand. */
  List<Piece> pieces() {
    return pieces;
  }

  List<Copy> copies() {
    return copies;
  }

  String type() {
    return type;
  }

  /** The type of what the event begins; empty: nothing. */
  String begins() {
    return begins;
  }

  Optional<Sequence> sequence() {
    return Optional.ofNullable(sequence);
  }

  /**
   * Whether it is there for one piece of a running text alone, so that it may come in two parts.
   */
  boolean isOnePiece() {
    return pieces.size() == 1
        && pieces.getFirst().flow() != null
        && copies.isEmpty()
        && endedItems.isEmpty()
        && firstOpaque == null
        && (type.isEmpty() || type.endsWith("delta"))
        && !told;
  }

  /** Where the first thing stands that nobody can search. */
  Optional<String> opaque() {
    return Optional.ofNullable(firstOpaque);
  }

  /** The groups whose texts end with this event. */
  List<Integer> endedGroups() {
    List<Integer> ended = new ArrayList<>(0);
    for (Integer item : endedItems) {
      ended.add(outerIndexes.getOrDefault(item, item));
    }
    if (rules.endsGroup(type)) {
      ended.add(group(0));
    }
    return ended;
  }

  private void read(JsonParser json, byte[] bytes, int offset, int to) throws IOException {
    JsonToken token;
    while ((token = json.nextToken()) != null) {
      switch (token) {
        case FIELD_NAME -> name(json, bytes, offset, to);
        case VALUE_STRING -> string(json, offset);
        case VALUE_NUMBER_INT -> number(json, offset);
        case VALUE_NUMBER_FLOAT -> free(json, offset);
        case START_OBJECT, START_ARRAY -> told |= USAGE.equals(json.currentName());
        default -> {}
      }
    }
  }

  private void name(JsonParser json, byte[] bytes, int offset, int to) throws IOException {
    String name = json.currentName();
    if (rules.hasFree() && rules.isFree(path(json.getParsingContext()))) {
      int start = start(json, offset);
      // The parser has gone on to the value by now.
      add(
          json,
          path(json.getParsingContext()),
          start,
          JsonBytes.endOfText(bytes, start + 1, to) + 1,
          name,
          true);
    } else if (name.equals(LOGPROBS)) {
      logprobs(json, bytes, offset, to);
    }
  }

  /** Lists and objects of tokens; anything else of this name is read like any other. */
  private void logprobs(JsonParser json, byte[] bytes, int offset, int to) throws IOException {
    JsonToken value = json.nextToken();
    if (value == JsonToken.START_ARRAY || value == JsonToken.START_OBJECT) {
      int start = start(json, offset);
      json.skipChildren();
      copies.add(new Copy(start, end(json, offset), value == JsonToken.START_ARRAY));
    } else if (value == JsonToken.VALUE_STRING) {
      string(json, offset);
    }
  }

  private void string(JsonParser json, int offset) throws IOException {
    JsonStreamContext context = json.getParsingContext();
    String name = lastName(context);
    if (name.equals("type") && isTop(context)) {
      type = json.getText();
    }
    if (name.equals("type") && path(context).equals("content_block.type")) {
      begins = json.getText();
    }
    if (name.equals(rules.endedBy()) && json.getTextLength() > 0) {
      endedItems.add(place(context, 1));
    }
    if (rules.isName(name) && !(rules.hasFree() && rules.isFree(path(context)))) {
      return;
    }
    String path = path(context);
    if (!rules.isAsked(path)) {
      String text = json.getText();
      add(json, path, start(json, offset), end(json, offset), text, true);
    }
  }

  private void number(JsonParser json, int offset) throws IOException {
    JsonStreamContext context = json.getParsingContext();
    if (isTop(context)) {
      if (json.getNumberType() == JsonParser.NumberType.INT) {
        String name = lastName(context);
        numbers.put(name, json.getIntValue());
        if (name.equals(SEQUENCE)) {
          sequence = new Sequence(start(json, offset), end(json, offset), json.getIntValue());
        }
      }
    } else if (context.inObject() && INDEX.equals(context.getCurrentName()) && isItem(context)) {
      int value = json.getNumberType() == JsonParser.NumberType.INT ? json.getIntValue() : 0;
      if (lists(context) == 1) {
        outerIndexes.put(place(context, 1), value);
      } else if (lists(context) == 2) {
        nestedIndexes.add(
            new Nested(path(context.getParent()), place(context, 1), place(context, 2), value));
      }
    }
    free(json, offset);
  }

  private void free(JsonParser json, int offset) throws IOException {
    String path = rules.hasFree() ? path(json.getParsingContext()) : "";
    if (!path.isEmpty() && rules.isFree(path)) {
      add(json, path, start(json, offset), end(json, offset), json.getText(), false);
    }
  }

  private void add(JsonParser json, String path, int start, int end, String text, boolean quoted) {
    JsonStreamContext context = json.getParsingContext();
    raw.add(
        new Raw(
            path, lists(context), place(context, 1), place(context, 2), start, end, text, quoted));
  }

  private static int start(JsonParser json, int offset) {
    return offset + Math.toIntExact(json.currentTokenLocation().getByteOffset());
  }

  private static int end(JsonParser json, int offset) throws IOException {
    json.finishToken();
    return offset + Math.toIntExact(json.currentLocation().getByteOffset());
  }

  /** What the type of an event says about its strings is known once all of it has been read. */
  private void sort() {
    for (Raw each : raw) {
      if (rules.isOpaque(type, each.path(), each.text())) {
        firstOpaque = firstOpaque == null ? each.path() : firstOpaque;
        continue;
      }
      @Nullable Nested nested = nested(each);
      @Nullable Flow flow = rules.flow(type, each.path()).orElse(null);
      if (flow != null && flow.name().equals(each.path()) && each.lists() > 1 && nested == null) {
        flow = null; // items of a list that nobody knows, and nobody joins
      }
      int group = flow != null && flow.acrossGroups() ? 0 : group(each.outer());
      int inner = nested == null ? 0 : nested.number();
      pieces.add(
          new Piece(
              flow,
              group,
              rules.groupedBy() == null ? inner : part(),
              each.path(),
              each.start(),
              each.end(),
              each.text(),
              flow == null || flow.form() == TextForm.PLAIN ? formOf(each) : flow.form(),
              each.quoted()));
    }
  }

  private static TextForm formOf(Raw text) {
    return !text.quoted()
            || text.path().endsWith("arguments")
            || TextForm.looksLikeJson(text.text())
        ? TextForm.JSON
        : TextForm.PLAIN;
  }

  private int group(int outer) {
    String by = rules.groupedBy();
    return by == null ? outerIndexes.getOrDefault(outer, outer) : numbers.getOrDefault(by, 0);
  }

  private int part() {
    return numbers.getOrDefault("content_index", numbers.getOrDefault("summary_index", 0));
  }

  private @Nullable Nested nested(Raw text) {
    for (Nested each : nestedIndexes) {
      if (each.outer() == text.outer()
          && each.nested() == text.nested()
          && text.path().startsWith(each.list() + ".")) {
        return each;
      }
    }
    return null;
  }

  private static String lastName(JsonStreamContext context) {
    @Nullable JsonStreamContext at = context;
    while (at != null && !at.inRoot()) {
      if (at.inObject() && at.getCurrentName() != null) {
        return at.getCurrentName();
      }
      at = at.getParent();
    }
    return "";
  }

  private static String path(JsonStreamContext context) {
    StringBuilder path = new StringBuilder(48);
    path(context, path);
    return path.toString();
  }

  private static void path(@Nullable JsonStreamContext context, StringBuilder path) {
    if (context == null || context.inRoot()) {
      return;
    }
    path(context.getParent(), path);
    if (context.inObject() && context.getCurrentName() != null) {
      path.append(path.isEmpty() ? "" : ".").append(context.getCurrentName());
    }
  }

  /** Whether it is the event itself. */
  private static boolean isTop(JsonStreamContext object) {
    JsonStreamContext outside = object.getParent();
    return object.inObject() && (outside == null || outside.inRoot());
  }

  private static boolean isItem(JsonStreamContext object) {
    JsonStreamContext outside = object.getParent();
    return outside != null && outside.inArray();
  }

  private static int lists(JsonStreamContext context) {
    int lists = 0;
    @Nullable JsonStreamContext at = context;
    while (at != null) {
      lists += at.inArray() ? 1 : 0;
      at = at.getParent();
    }
    return lists;
  }

  /** The place in the first, second ... list from the outside; 0 where there is none. */
  private static int place(JsonStreamContext context, int list) {
    int skip = lists(context) - list;
    @Nullable JsonStreamContext at = context;
    while (at != null) {
      if (at.inArray() && skip-- == 0) {
        return at.getCurrentIndex();
      }
      at = at.getParent();
    }
    return 0;
  }
}
