package dev.penstock.dataplane.dialect.body;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The fields of a request that say how many tokens an answer may have, and what is put in their
 * place where it may have fewer. All else of the request keeps its bytes.
 */
public final class OutputLimit {

  private static final long UNSTATED = -1;

  /** A field's value; {@code null} in JSON is unstated. */
  private record Stated(Range value, long tokens) {}

  private final List<Stated> fields = new ArrayList<>(1);
  private long tokens = UNSTATED;
  private boolean lowered;

  /**
   * Reads one of the fields.
   *
   * @param least that it may be
   * @throws dev.penstock.dataplane.exchange.RefusedException with {@code invalid_request} that
   *     names the field
   */
  public void read(JsonParser json, String field, long least) throws IOException {
    int start = Fields.start(json);
    boolean states = json.currentToken() != JsonToken.VALUE_NULL;
    long stated = states ? Fields.number(json, field, least, Integer.MAX_VALUE) : UNSTATED;
    fields.add(new Stated(new Range(start, Fields.end(json)), stated));
    tokens = Math.max(tokens, stated);
  }

  /** Of one answer; negative where none is stated. */
  public long tokens() {
    return tokens;
  }

  /** Lowers it; never raises it. */
  public void lower(long most) {
    if (tokens < 0 || most < tokens) {
      tokens = most;
      lowered = true;
    }
  }

  /**
   * Writes what was lowered.
   *
   * @param field that is put in where the request has none
   */
  public void write(RequestBody body, Edits edits, String field) {
    if (!lowered) {
      return;
    }
    String most = Long.toString(tokens);
    boolean stated = false;
    for (Stated each : fields) {
      stated |= each.tokens() != UNSTATED;
      if (each.tokens() > tokens) {
        edits.replace(each.value().start(), each.value().end(), most);
      }
    }
    if (!stated && !fields.isEmpty()) {
      Range unstated = fields.getFirst().value();
      edits.replace(unstated.start(), unstated.end(), most);
    } else if (!stated) {
      edits.insert(body.closingBrace(), ",\"" + field + "\":" + most);
    }
  }
}
