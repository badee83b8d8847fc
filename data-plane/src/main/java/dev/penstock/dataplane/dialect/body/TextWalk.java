package dev.penstock.dataplane.dialect.body;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import dev.penstock.dataplane.dialect.TextVisitor;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Goes through all that a request says: every string and every field name, wherever it stands, so
 * that no field that a provider adds one day is a way around a guard. Left out is what a dialect's
 * {@link TextRules} call a name or data.
 */
final class TextWalk implements TextVisitor.Place {

  private final JsonParser json;
  private final TextRules rules;
  private final TextVisitor visitor;

  TextWalk(JsonParser json, TextRules rules, TextVisitor visitor) {
    this.json = json;
    this.rules = rules;
    this.visitor = visitor;
  }

  void visit() throws IOException {
    JsonToken token;
    while ((token = json.nextToken()) != null) {
      if (token == JsonToken.FIELD_NAME) {
        name();
      } else if (token == JsonToken.VALUE_STRING) {
        value();
      }
    }
  }

  private void name() throws IOException {
    String name = json.currentName();
    if (!rules.isKnown(name)) {
      visitor.text(this, name);
    } else if (rules.isOpaque(json.getParsingContext(), name)) {
      visitor.opaque(this);
    }
  }

  private void value() throws IOException {
    JsonStreamContext context = json.getParsingContext();
    if (!rules.isId(context)) {
      String text = json.getText();
      if (!rules.isInlineData(context, text)) {
        visitor.text(this, text);
      }
    }
  }

  @Override
  public String path() {
    Deque<JsonStreamContext> contexts = new ArrayDeque<>();
    @Nullable JsonStreamContext context = json.getParsingContext();
    while (context != null && !context.inRoot()) {
      contexts.push(context);
      context = context.getParent();
    }
    StringBuilder path = new StringBuilder();
    for (JsonStreamContext each : contexts) {
      String name = each.getCurrentName();
      if (each.inArray()) {
        path.append('[').append(each.getCurrentIndex()).append(']');
      } else if (name != null && rules.isKnown(name)) {
        path.append(path.isEmpty() ? "" : ".").append(name);
      } else {
        break;
      }
    }
    return path.toString();
  }

  @Override
  public boolean isValue() {
    return json.currentToken() == JsonToken.VALUE_STRING;
  }

  @Override
  public int start() {
    return Math.toIntExact(json.currentTokenLocation().getByteOffset());
  }
}
