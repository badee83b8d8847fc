package dev.penstock.providersim.responses;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.providersim.dialect.Answer;
import dev.penstock.providersim.dialect.Asked;
import dev.penstock.providersim.dialect.Part;
import dev.penstock.providersim.invoice.Usage;
import java.util.ArrayList;
import java.util.List;

/** A response in one document. */
record WholeResponse(ResponseObject response, Shown shown) implements Asked.Document {
  @Override
  public JsonNode json(Answer answer, Usage usage) {
    Ended ended = Ended.of(answer.finishReason());
    List<JsonNode> output = new ArrayList<>();
    answer.parts().forEach(part -> output.add(item(part, ended.itemStatus())));
    return response.ended(ended, output, usage);
  }

  private JsonNode item(Part part, String status) {
    return switch (part) {
      case Part.Spoken spoken ->
          ResponseItems.message(ItemId.message(), status, ResponseItems.text(spoken.text()));
      case Part.Refusal refusal ->
          ResponseItems.message(ItemId.message(), status, ResponseItems.refusal(refusal.text()));
      case Part.Thoughts thoughts ->
          ResponseItems.reasoning(ItemId.reasoning(), thoughts.text(), shown);
      case Part.Called called ->
          ResponseItems.call(
              ItemId.call(called.id(), called.name()),
              status,
              called.arguments().isEmpty() ? "{}" : called.arguments());
    };
  }
}
