package dev.penstock.dataplane.dialect.openai.chat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.penstock.dataplane.dialect.MalformedAnswer;
import dev.penstock.dataplane.dialect.openai.chat.Chunk.Piece;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Reads the bytes of a chunk, or of a whole answer, without building a tree. It takes what servers
 * that are nearly compatible send: members that are missing or null, contents as strings or arrays,
 * arguments as strings or objects. What it does not know, it skips.
 */
final class ChunkParser {

  private static final int MAX_DEPTH = 200;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(Integer.MAX_VALUE) // an event's and a body's own limits hold
                  .build())
          .build();

  private final byte[] bytes;
  private final int from;
  private final JsonParser json;
  private final Chunk chunk = new Chunk();

  private ChunkParser(byte[] bytes, int from, JsonParser json) {
    this.bytes = bytes;
    this.from = from;
    this.json = json;
  }

  static Chunk parse(byte[] bytes, int from, int to) throws MalformedAnswer {
    try (JsonParser json = JSON.createParser(bytes, from, to - from)) {
      ChunkParser parser = new ChunkParser(bytes, from, json);
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedAnswer("a piece of the answer is no JSON object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        parser.member();
      }
      if (json.nextToken() != null) {
        throw new MalformedAnswer("something follows the JSON object of a piece of the answer");
      }
      return parser.chunk;
    } catch (IOException malformed) {
      throw new MalformedAnswer("a piece of the answer is not valid JSON");
    }
  }

  private void member() throws IOException {
    String name = json.currentName();
    JsonToken value = json.nextToken();
    switch (name) {
      case "id" -> chunk.id = text();
      case "model" -> chunk.model = text();
      case "created" -> chunk.createdUnixSeconds = Math.max(0, number(0));
      case "object" -> chunk.error |= "error".equals(text());
      case "error" -> {
        chunk.error |= value != JsonToken.VALUE_NULL;
        json.skipChildren();
      }
      case "choices" -> choices();
      case "usage" -> usage();
      default -> json.skipChildren();
    }
  }

  private void usage() throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return;
    }
    chunk.usageStart = from + Math.toIntExact(json.currentTokenLocation().getByteOffset());
    json.skipChildren();
    chunk.usageEnd = from + Math.toIntExact(json.currentLocation().getByteOffset());
  }

  private void choices() throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      json.skipChildren();
      return;
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (json.currentToken() == JsonToken.START_OBJECT && !chunk.choice) {
        choice();
      } else {
        json.skipChildren();
      }
    }
  }

  private void choice() throws IOException {
    chunk.choice = true;
    long index = 0;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "index" -> index = number(0);
        case "delta", "message" -> delta();
        case "finish_reason" -> chunk.finish = text();
        case "stop_reason" -> chunk.stopSequence = text();
        default -> json.skipChildren();
      }
    }
    if (index != 0) {
      chunk.forgetChoice();
    }
  }

  private void delta() throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return;
    }
    String thought = "";
    int before = chunk.pieces.size();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "content" -> content();
        // vLLM has had both names, and some servers send the same under both.
        case "reasoning", "reasoning_content" -> {
          String told = text();
          thought = thought.isEmpty() ? told : thought;
        }
        case "refusal" -> refusal(text());
        case "tool_calls" -> calls();
        default -> json.skipChildren();
      }
    }
    if (!thought.isEmpty()) {
      chunk.pieces.add(before, new Piece.Thought(thought));
    }
  }

  private void refusal(String text) {
    if (!text.isEmpty()) {
      chunk.pieces.add(new Piece.Refusal(text));
    }
  }

  private void content() throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      said(text());
      return;
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (json.currentToken() == JsonToken.START_OBJECT) {
        part();
      } else {
        json.skipChildren();
      }
    }
  }

  private void said(String text) {
    if (!text.isEmpty()) {
      chunk.pieces.add(new Piece.Text(text));
    }
  }

  /** Its kind shows in which member it has; the type may come last. */
  private void part() throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "text" -> said(text());
        case "thinking" -> thinking();
        case "signature" -> signature(text());
        default -> json.skipChildren();
      }
    }
  }

  private void signature(String signature) {
    if (!signature.isEmpty()) {
      chunk.pieces.add(new Piece.Signature(signature));
    }
  }

  private void thinking() throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      thought(text());
      return;
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (json.currentToken() != JsonToken.START_OBJECT) {
        json.skipChildren();
        continue;
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean text = "text".equals(json.currentName());
        json.nextToken();
        thought(text ? text() : skipped());
      }
    }
  }

  private void thought(String text) {
    if (!text.isEmpty()) {
      chunk.pieces.add(new Piece.Thought(text));
    }
  }

  private String skipped() throws IOException {
    json.skipChildren();
    return "";
  }

  private void calls() throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      json.skipChildren();
      return;
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (json.currentToken() == JsonToken.START_OBJECT) {
        call();
      } else {
        json.skipChildren();
      }
    }
  }

  private void call() throws IOException {
    long index = -1;
    String id = "";
    String callName = "";
    String arguments = "";
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      if ("function".equals(name) && value == JsonToken.START_OBJECT) {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          String member = json.currentName();
          json.nextToken();
          switch (member) {
            case "name" -> callName = text();
            case "arguments" -> arguments = arguments();
            default -> json.skipChildren();
          }
        }
      } else if ("index".equals(name)) {
        index = number(-1);
      } else if ("id".equals(name)) {
        id = text();
      } else {
        json.skipChildren();
      }
    }
    boolean noId = "null".equals(id); // as Mistral's SDKs write an absent one
    chunk.calls.add(
        new Chunk.Call((int) Math.clamp(index, -1, 1 << 20), noId ? "" : id, callName, arguments));
  }

  private String arguments() throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      return text();
    }
    int start = from + Math.toIntExact(json.currentTokenLocation().getByteOffset());
    json.skipChildren();
    int end = from + Math.toIntExact(json.currentLocation().getByteOffset());
    return new String(bytes, start, end - start, StandardCharsets.UTF_8);
  }

  /** A string's text; anything else is as if it were absent. */
  private String text() throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      return json.getText();
    }
    json.skipChildren();
    return "";
  }

  private long number(long otherwise) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NUMBER_INT
        && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      return json.getLongValue();
    }
    json.skipChildren();
    return otherwise;
  }
}
