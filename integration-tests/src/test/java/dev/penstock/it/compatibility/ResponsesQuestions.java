package dev.penstock.it.compatibility;

import com.openai.core.JsonValue;
import com.openai.models.Reasoning;
import com.openai.models.ReasoningEffort;
import com.openai.models.responses.EasyInputMessage;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFormatTextJsonSchemaConfig;
import com.openai.models.responses.ResponseInputContent;
import com.openai.models.responses.ResponseInputImage;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseInputText;
import com.openai.models.responses.ResponseTextConfig;
import java.util.List;
import java.util.Map;

/** The questions in the words of {@code openai-java}'s Responses. */
final class ResponsesQuestions {
  private ResponsesQuestions() {}

  static ResponseCreateParams about(Situation situation, String model) {
    ResponseCreateParams.Builder question =
        ResponseCreateParams.builder().model(model).maxOutputTokens(Subject.MAX_TOKENS);
    switch (situation) {
      case TEXT, LENGTH, REFUSAL, ERROR_BEFORE, ERROR_MID_STREAM, CUT ->
          question.input(Subject.QUESTION);
      case TOOL, PARALLEL_TOOLS, BARE_TOOL ->
          question
              .input(Subject.QUESTION)
              .addTool(tool("get_weather", Subject.CITY))
              .addTool(tool("get_time", Subject.NOTHING));
      case IMAGE -> question.inputOfResponse(List.of(textAndImage()));
      case STRUCTURED ->
          question
              .input(Subject.QUESTION)
              .text(ResponseTextConfig.builder().format(report()).build());
      case REASONING -> question.input(Subject.QUESTION).reasoning(thinking());
      case UNCARRIED ->
          question.input(Subject.QUESTION).truncation(ResponseCreateParams.Truncation.AUTO);
    }
    return question.build();
  }

  private static FunctionTool tool(String name, Map<String, Object> schema) {
    FunctionTool.Parameters.Builder parameters = FunctionTool.Parameters.builder();
    schema.forEach((key, value) -> parameters.putAdditionalProperty(key, JsonValue.from(value)));
    return FunctionTool.builder().name(name).strict(false).parameters(parameters.build()).build();
  }

  private static ResponseInputItem textAndImage() {
    return ResponseInputItem.ofEasyInputMessage(
        EasyInputMessage.builder()
            .role(EasyInputMessage.Role.USER)
            .contentOfResponseInputMessageContentList(
                List.of(
                    ResponseInputContent.ofInputText(
                        ResponseInputText.builder().text(Subject.QUESTION).build()),
                    ResponseInputContent.ofInputImage(
                        ResponseInputImage.builder()
                            .detail(ResponseInputImage.Detail.AUTO)
                            .imageUrl("data:image/png;base64," + Subject.PIXEL)
                            .build())))
            .build());
  }

  private static ResponseFormatTextJsonSchemaConfig report() {
    ResponseFormatTextJsonSchemaConfig.Schema.Builder schema =
        ResponseFormatTextJsonSchemaConfig.Schema.builder();
    Subject.REPORT.forEach(
        (key, value) -> schema.putAdditionalProperty(key, JsonValue.from(value)));
    return ResponseFormatTextJsonSchemaConfig.builder()
        .name("report")
        .strict(true)
        .schema(schema.build())
        .build();
  }

  private static Reasoning thinking() {
    return Reasoning.builder()
        .effort(ReasoningEffort.MEDIUM)
        .summary(Reasoning.Summary.AUTO)
        .build();
  }
}
