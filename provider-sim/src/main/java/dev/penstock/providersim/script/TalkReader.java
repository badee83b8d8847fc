package dev.penstock.providersim.script;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.providersim.script.Step.Talk;
import dev.penstock.providersim.script.Utterance.CallArguments;
import dev.penstock.providersim.script.Utterance.CallBegun;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Reads the steps that every provider says in its own words: text, thoughts, refusals, calls. */
final class TalkReader {
  private static final int MOST_CALLS = 128;
  private static final int JSON_PIECE = 12;
  private static final long LONGEST_PAUSE_MICROS = 3_600_000_000L;
  private int ordinal;

  /** A string is said word by word; any other JSON as its text, in pieces of 12 characters. */
  Talk words(Fields fields, String kind, Function<String, Utterance> utterance) {
    JsonNode node = fields.allow(kind, "every", "piece").node(kind);
    if (node.isTextual()) {
      return talk(fields, Pieces.of(node.textValue(), piece(fields, 0)), utterance);
    }
    if (!kind.equals("say") || !node.isContainerNode()) {
      throw fields.bad(kind, node.toString(), "a string");
    }
    return talk(fields, Pieces.of(node.toString(), piece(fields, JSON_PIECE)), utterance);
  }

  Talk call(Fields fields) {
    fields.allow("call", "every", "piece");
    List<Utterance> call =
        call(new Fields(fields.place() + ".call", fields.node("call")), piece(fields, JSON_PIECE));
    return new Talk(call, call, every(fields));
  }

  /** Parallel calls: one after the other, as OpenAI sends them, or piece by piece in turns. */
  Talk calls(Fields fields) {
    fields.allow("calls", "every", "piece", "braided");
    JsonNode given = fields.node("calls");
    if (!given.isArray() || given.isEmpty() || given.size() > MOST_CALLS) {
      throw fields.bad("calls", given.toString(), "an array of 1 to " + MOST_CALLS + " calls");
    }
    List<List<Utterance>> calls = new ArrayList<>();
    for (JsonNode call : given) {
      String place = fields.place() + ".calls[" + calls.size() + "]";
      calls.add(call(new Fields(place, call), piece(fields, JSON_PIECE)));
    }
    List<Utterance> inTurn = calls.stream().flatMap(List::stream).toList();
    return new Talk(inTurn, fields.flag("braided", false) ? braid(calls) : inTurn, every(fields));
  }

  private List<Utterance> call(Fields call, int piece) {
    call.allow("name", "arguments", "id");
    int number = ordinal++;
    String id = call.has("id") ? call.text("id") : null;
    List<Utterance> utterances = new ArrayList<>();
    utterances.add(new CallBegun(number, id, call.text("name")));
    argumentPieces(call, piece).forEach(text -> utterances.add(new CallArguments(number, text)));
    return utterances;
  }

  /** Without arguments there is one piece, with nothing in it. */
  private static List<String> argumentPieces(Fields call, int piece) {
    List<String> pieces = Pieces.of(arguments(call), piece);
    return pieces.isEmpty() ? List.of("") : pieces;
  }

  /** A string stands as it is, so that a script can call with what is no JSON. */
  private static String arguments(Fields call) {
    if (!call.has("arguments")) {
      return "";
    }
    JsonNode arguments = call.node("arguments");
    return arguments.isTextual() ? arguments.textValue() : arguments.toString();
  }

  private static List<Utterance> braid(List<List<Utterance>> calls) {
    int longest = calls.stream().mapToInt(List::size).max().orElse(0);
    List<Utterance> braided = new ArrayList<>();
    for (int at = 0; at < longest; at++) {
      for (List<Utterance> call : calls) {
        if (at < call.size()) {
          braided.add(call.get(at));
        }
      }
    }
    return braided;
  }

  private static Talk talk(
      Fields fields, List<String> pieces, Function<String, Utterance> utterance) {
    List<Utterance> utterances = pieces.stream().map(utterance).toList();
    return new Talk(utterances, utterances, every(fields));
  }

  private static int piece(Fields fields, int absent) {
    return (int) fields.whole("piece", absent, 1, 1 << 20);
  }

  private static long every(Fields fields) {
    return fields.whole("every", 0, 0, LONGEST_PAUSE_MICROS);
  }
}
