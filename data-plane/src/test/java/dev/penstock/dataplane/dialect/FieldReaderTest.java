package dev.penstock.dataplane.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.RefusedException;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FieldReaderTest {

  private final Map<Feature, String> used = new EnumMap<>(Feature.class);

  @Test
  void readsWhatIsThereAndTakesNullForAbsent() throws JsonProcessingException {
    FieldReader body =
        read("{\"a\":\"x\",\"b\":true,\"c\":7,\"d\":0.5,\"e\":[{\"f\":\"y\"}],\"g\":null}");

    assertThat(body.requiredText("a")).isEqualTo("x");
    assertThat(body.flag("b")).contains(true);
    assertThat(body.whole("c", 0, 7)).hasValue(7);
    assertThat(body.number("d", 0, 1)).hasValue(0.5);
    assertThat(body.objects("e").getFirst().text("f")).contains("y");
    assertThat(body.text("g")).isEmpty();
    body.noteUnknown();
    assertThat(used).isEmpty();
  }

  static Stream<Arguments> wrongFields() {
    return Stream.of(
        wrong("{\"a\":1}", "a", body -> body.text("a")),
        wrong("{}", "a", body -> body.requiredText("a")),
        wrong("{\"a\":\"true\"}", "a", body -> body.flag("a")),
        wrong("{\"a\":1.5}", "a", body -> body.whole("a", 0, 9)),
        wrong("{\"a\":10}", "a", body -> body.whole("a", 0, 9)),
        wrong("{\"a\":99999999999999999999}", "a", body -> body.whole("a", 0, Long.MAX_VALUE)),
        wrong("{\"a\":2.1}", "a", body -> body.number("a", 0, 2)),
        wrong("{\"a\":{\"b\":[{},3]}}", "a.b[1]", body -> body.requiredObject("a").objects("b")),
        wrong("{\"a\":{}}", "a", body -> body.elements("a")),
        wrong("{\"a\":[{\"b\":1}]}", "a[0].b", body -> body.objects("a").getFirst().text("b")));
  }

  private static Arguments wrong(String body, String param, Consumer<FieldReader> read) {
    return Arguments.of(body, param, read);
  }

  @ParameterizedTest
  @MethodSource("wrongFields")
  void refusesByName(String json, String param, Consumer<FieldReader> read)
      throws JsonProcessingException {
    FieldReader body = read(json);
    RefusedException refused =
        catchThrowableOfType(RefusedException.class, () -> read.accept(body));

    assertThat(refused.refusal().code()).isEqualTo(Code.INVALID_REQUEST);
    assertThat(refused.refusal().param()).contains(param);
  }

  @Test
  void notesTheFirstUnknownFieldAndNoNameThatNoHeaderCouldHold() throws JsonProcessingException {
    FieldReader body = read("{\"a\":{\"x\\r\\ny\":1,\"z\":2}}");

    body.requiredObject("a").noteUnknown();

    assertThat(used).containsExactly(Map.entry(Feature.UNKNOWN_FIELD, "a.x**y"));
  }

  private FieldReader read(String json) throws JsonProcessingException {
    return FieldReader.ofBody(new ObjectMapper().readTree(json), used);
  }
}
