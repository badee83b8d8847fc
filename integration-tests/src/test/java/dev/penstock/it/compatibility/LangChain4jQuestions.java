package dev.penstock.it.compatibility;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;

/** The questions in the words of LangChain4j, which are the same for all of its models. */
final class LangChain4jQuestions {
  private LangChain4jQuestions() {}

  static ChatRequest about(Situation situation) {
    ChatRequest.Builder question =
        ChatRequest.builder().messages(UserMessage.from(Subject.QUESTION));
    return switch (situation) {
      case TEXT, LENGTH, REFUSAL, REASONING, ERROR_BEFORE, ERROR_MID_STREAM, CUT, UNCARRIED ->
          question.build();
      case TOOL, PARALLEL_TOOLS, BARE_TOOL ->
          question
              .toolSpecifications(
                  tool("get_weather", city().build()),
                  tool("get_time", JsonObjectSchema.builder().build()))
              .build();
      case IMAGE ->
          question
              .messages(
                  UserMessage.from(
                      TextContent.from(Subject.QUESTION),
                      ImageContent.from(Subject.PIXEL, "image/png")))
              .build();
      case STRUCTURED -> question.responseFormat(report()).build();
    };
  }

  private static ToolSpecification tool(String name, JsonObjectSchema parameters) {
    return ToolSpecification.builder().name(name).parameters(parameters).build();
  }

  private static JsonObjectSchema.Builder city() {
    return JsonObjectSchema.builder().addStringProperty("city").required("city");
  }

  private static ResponseFormat report() {
    JsonObjectSchema schema =
        JsonObjectSchema.builder()
            .addStringProperty("city")
            .addIntegerProperty("degrees")
            .required("city", "degrees")
            .additionalProperties(false)
            .build();
    return ResponseFormat.builder()
        .type(ResponseFormatType.JSON)
        .jsonSchema(JsonSchema.builder().name("report").rootElement(schema).build())
        .build();
  }
}
