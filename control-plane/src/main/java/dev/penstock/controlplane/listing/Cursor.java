package dev.penstock.controlplane.listing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.controlplane.problem.ProblemException;
import dev.penstock.controlplane.problem.StorableText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Where a page ended: the order that it was read in, and the last item's values. */
final class Cursor {

  /** Stands for a field that an item does not have; no value of ours looks like it. */
  static final String ABSENT = "\u0001";

  private static final ObjectMapper JSON = new ObjectMapper();

  private Cursor() {}

  static boolean isAbsent(String text) {
    return text.equals(ABSENT);
  }

  static String write(String order, List<String> values) {
    List<String> all = new ArrayList<>();
    all.add(order);
    all.addAll(values);
    try {
      return Base64.getUrlEncoder().withoutPadding().encodeToString(JSON.writeValueAsBytes(all));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a list of texts that cannot be written", e);
    }
  }

  static List<String> read(String cursor, String order, int values) {
    List<String> all = decoded(cursor);
    if (all.size() != values + 1 || !all.stream().allMatch(StorableText::allows)) {
      throw notOurs();
    }
    if (!all.getFirst().equals(order)) {
      throw ProblemException.badRequest(
          "cursor", "is of a page sorted by " + all.getFirst() + ": read on with the same sort");
    }
    return all.subList(1, all.size());
  }

  private static List<String> decoded(String cursor) {
    try {
      String json = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
      return JSON.readValue(json, new TypeReference<List<String>>() {});
    } catch (IllegalArgumentException | JsonProcessingException malformed) {
      throw notOurs();
    }
  }

  private static ProblemException notOurs() {
    return ProblemException.badRequest("cursor", "expected a nextCursor of the page before");
  }
}
