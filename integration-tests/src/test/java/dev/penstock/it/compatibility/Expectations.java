package dev.penstock.it.compatibility;

import static dev.penstock.it.compatibility.Upstream.ANTHROPIC;
import static dev.penstock.it.compatibility.Upstream.AZURE;
import static dev.penstock.it.compatibility.Upstream.MISTRAL;
import static dev.penstock.it.compatibility.Upstream.OPENAI;
import static dev.penstock.it.compatibility.Upstream.VLLM;

import dev.penstock.it.compatibility.JavaScriptSdk.Dialect;
import dev.penstock.it.compatibility.Outcome.Answered;
import dev.penstock.it.compatibility.Outcome.Call;
import dev.penstock.it.compatibility.Outcome.End;
import dev.penstock.it.compatibility.Outcome.Raised;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What has to come of each cell: the contents of the simulator's scripts, and how each SDK tells
 * what went wrong. Where an SDK has less than others the reason stands beside it.
 */
final class Expectations {
  private static final String MILD = "It is mild in Paris.";
  static final String THOUGHT = "Paris is in France. It must be mild there.";

  /** The last of the pieces in which it comes. */
  private static final String END_OF_THOUGHT = "there.";

  private static final String CANNOT = "I cannot help with that.";
  private static final String DECLINED = "The model declined to answer.";
  private static final Call PARIS = new Call("get_weather", "{\"city\":\"Paris\"}");
  private static final Call ROME = new Call("get_weather", "{\"city\":\"Rome\"}");
  private static final Call TIME = new Call("get_time", "{}");

  /** Count thoughts and keep them, in Chat Completions. */
  private static final Set<Upstream> SECRETIVE = Set.of(OPENAI, AZURE);

  /** Have no mark for a refusal: it is text like any other. */
  private static final Set<Upstream> UNMARKED = Set.of(VLLM, MISTRAL);

  /** Who is asked in the dialect of a field that others do not have. */
  private static final Map<String, Set<Upstream>> CARRIED_BY =
      Map.of(
          "logit_bias", Set.of(OPENAI, AZURE, VLLM),
          "truncation", Set.of(OPENAI, AZURE),
          "tools[0]", Set.of(ANTHROPIC),
          "top_k", Set.of(ANTHROPIC),
          "safe_prompt", Set.of(MISTRAL));

  private Expectations() {}

  static Outcome of(Cell cell) {
    return switch (cell.situation()) {
      case TEXT, IMAGE -> said(MILD, End.STOP);
      case TOOL -> called(PARIS);
      case PARALLEL_TOOLS -> called(PARIS, ROME);
      case BARE_TOOL -> called(TIME);
      case STRUCTURED -> said("{\"city\":\"Paris\",\"degrees\":14}", End.STOP);
      case REASONING -> new Answered(MILD, thoughts(cell), List.of(), End.STOP);
      case LENGTH -> said("It is mild in", End.LENGTH);
      case REFUSAL -> refused(cell);
      case ERROR_BEFORE -> new Raised(errorBefore(cell.sdk()));
      case ERROR_MID_STREAM, CUT -> brokenOff(cell.sdk());
      case UNCARRIED -> carries(cell) ? said(MILD, End.STOP) : notCarried(cell.sdk());
    };
  }

  private static String thoughts(Cell cell) {
    if (!showsThoughts(cell)) {
      return "";
    }
    // It puts pieces together of fields that it knows; of others it keeps the last.
    return cell.sdk() == JavaScriptSdk.OPENAI_CHAT_HELPER ? END_OF_THOUGHT : THOUGHT;
  }

  private static boolean showsThoughts(Cell cell) {
    return switch (cell.sdk()) {
      case OpenAiResponses each -> true;
      // The accumulator does not put together fields that are not OpenAI's.
      case OpenAiChat chat ->
          chat != OpenAiChat.ACCUMULATING && !SECRETIVE.contains(cell.upstream());
      case AnthropicMessages each -> !SECRETIVE.contains(cell.upstream());
      case LangChain4j each -> !SECRETIVE.contains(cell.upstream());
      case JavaScriptSdk script ->
          script.dialect() == Dialect.OPENAI_RESPONSES || !SECRETIVE.contains(cell.upstream());
      case LangChain4jWhole each -> !SECRETIVE.contains(cell.upstream());
    };
  }

  private static Outcome refused(Cell cell) {
    Upstream upstream = cell.upstream();
    End marked = UNMARKED.contains(upstream) ? End.STOP : End.REFUSED;
    // Anthropic explains a refusal beside its text, for which others have the text alone.
    String text = upstream == ANTHROPIC ? CANNOT + " " + DECLINED : CANNOT;
    String joined = upstream == ANTHROPIC ? CANNOT + DECLINED : CANNOT;
    return switch (cell.sdk()) {
      case OpenAiChat each -> said(text, upstream == ANTHROPIC ? End.REFUSED : End.STOP);
      case OpenAiResponses each -> said(text, marked);
      case AnthropicMessages each -> said(CANNOT, marked);
      case LangChain4j library ->
          switch (library) {
            // It reads no field but content.
            case OPENAI ->
                said(
                    SECRETIVE.contains(upstream) ? "" : CANNOT,
                    upstream == ANTHROPIC ? End.REFUSED : End.STOP);
            case ANTHROPIC -> said(CANNOT, marked);
            case MISTRAL -> said(text, End.STOP);
          };
      case JavaScriptSdk script ->
          switch (script.dialect()) {
            // What stands in two fields is joined there as it comes.
            case OPENAI_CHAT -> said(joined, upstream == ANTHROPIC ? End.REFUSED : End.STOP);
            case OPENAI_RESPONSES -> said(joined, marked);
            case ANTHROPIC_MESSAGES -> said(CANNOT, marked);
            case MISTRAL_CHAT -> said(text, End.STOP);
          };
      case LangChain4jWhole library ->
          switch (library) {
            case OPENAI ->
                UNMARKED.contains(upstream)
                    ? said(CANNOT, End.STOP)
                    : new Raised("ContentFilteredException");
            case ANTHROPIC -> said(CANNOT, marked);
            case MISTRAL -> said(text, End.STOP);
          };
    };
  }

  /** What is left when the gateway has tried every deployment; {@code x-should-retry: false}. */
  private static String errorBefore(Sdk sdk) {
    return switch (sdk) {
      case OpenAiChat each -> "502 InternalServerException";
      case OpenAiResponses each -> "502 InternalServerException";
      case AnthropicMessages each -> "502 InternalServerException";
      case LangChain4j each -> "InternalServerException";
      case JavaScriptSdk script -> "502 " + named(script, "InternalServerError");
      case LangChain4jWhole each -> "InternalServerException";
    };
  }

  private static Outcome brokenOff(Sdk sdk) {
    return switch (sdk) {
      case OpenAiChat chat -> brokenOff(chat, chat == OpenAiChat.WHOLE);
      case OpenAiResponses responses -> brokenOff(responses, responses == OpenAiResponses.WHOLE);
      case AnthropicMessages messages -> brokenOff(messages, messages == AnthropicMessages.WHOLE);
      case LangChain4jWhole each -> new Raised(errorBefore(each));
      case LangChain4j library ->
          switch (library) {
            case OPENAI -> new Raised("RuntimeException");
            case ANTHROPIC -> new Raised("AnthropicStreamingException");
            // It does not read the error, and raises that the connection breaks after it.
            case MISTRAL -> new Raised("LangChain4jException");
          };
      case JavaScriptSdk script ->
          switch (script.way()) {
            case RAW, HELPER ->
                new Raised(script.dialect() == Dialect.MISTRAL_CHAT ? "ZodError" : "APIError");
            case WHOLE, SOCKET -> new Raised(errorBefore(script));
          };
    };
  }

  /** A whole answer that is cut is none: the gateway has not begun to answer. */
  private static Outcome brokenOff(Sdk sdk, boolean isWhole) {
    return new Raised(isWhole ? errorBefore(sdk) : "SseException");
  }

  private static boolean carries(Cell cell) {
    return CARRIED_BY.getOrDefault(cell.sdk().uncarried(), Set.of()).contains(cell.upstream());
  }

  private static Outcome notCarried(Sdk sdk) {
    String exception =
        switch (sdk) {
          case OpenAiChat each -> "400 BadRequestException";
          case OpenAiResponses each -> "400 BadRequestException";
          case AnthropicMessages each -> "400 BadRequestException";
          case LangChain4j each -> "InvalidRequestException";
          case LangChain4jWhole each -> "InvalidRequestException";
          case JavaScriptSdk script -> "400 " + named(script, "BadRequestError");
        };
    return new Raised(exception + " on " + sdk.uncarried());
  }

  /**
   * The exception for an error that has a status.
   *
   * @param byStatus what it is called where there is a class for each status
   */
  private static String named(JavaScriptSdk script, String byStatus) {
    return switch (script.way()) {
      case RAW, HELPER, WHOLE -> script.dialect() == Dialect.MISTRAL_CHAT ? "SDKError" : byStatus;
      case SOCKET -> script.dialect() == Dialect.OPENAI_CHAT ? "ErrorFrame" : "WebSocketError";
    };
  }

  private static Answered said(String text, End end) {
    return new Answered(text, "", List.of(), end);
  }

  private static Answered called(Call... calls) {
    return new Answered("", "", List.of(calls), End.TOOLS);
  }
}
