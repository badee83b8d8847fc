package dev.penstock.dataplane.dialect.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.dataplane.dialect.Feature;
import dev.penstock.dataplane.dialect.ModelRequest.Part;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.RefusedException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class FieldTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void refusesWhatIsNotAsItShouldBeByItsPath() throws IOException {
    Field root = root("{\"a\":[{\"b\":\"\",\"n\":7.5,\"big\":99999999999999999999}]}");
    Field item = root.need("a").items(1).getFirst();

    assertRefused("a[0].c", () -> item.need("c"));
    assertRefused("a[0].b", () -> item.need("b").text(5));
    assertRefused("a[0].b", () -> item.need("b").flag());
    assertRefused("a[0].b", () -> item.need("b").items(1));
    assertRefused("a[0].b", () -> item.need("b").object());
    assertRefused("a[0].b", () -> item.need("b").word(Map.of("x", 1)));
    assertRefused("a[0].n", () -> item.need("n").text());
    assertRefused("a[0].n", () -> item.need("n").whole(0, 10));
    assertRefused("a[0].n", () -> item.need("n").number(0, 7));
    assertRefused("a[0].big", () -> item.need("big").whole(0, Long.MAX_VALUE));
    assertRefused("a", () -> root.need("a").items(0));
  }

  @Test
  void takesNullForAbsent() throws IOException {
    assertThat(root("{\"a\":null}").find("a")).isEmpty();
  }

  @Test
  void notesTheFirstUnknownFieldAndShowsNoNameThatAHeaderCouldNotHold() throws IOException {
    Uses plain = new Uses();
    root("{\"known\":1,\"none\":null,\"first\":1,\"second\":1}")
        .noteUnknown(Set.of("known"), plain);
    Uses strange = new Uses();
    root("{\"a\\r\\nb\":1}").noteUnknown(Set.of(), strange);

    assertThat(plain.features()).containsExactly(Map.entry(Feature.UNKNOWN_FIELD, "first"));
    assertThat(strange.features()).containsExactly(Map.entry(Feature.UNKNOWN_FIELD, "a**b"));
  }

  @Test
  void tellsAnImageFromItsAddress() throws IOException {
    Field body =
        root(
            """
            {"web":"https://example.com/a.png","data":"DATA:image/PNG;base64,AAAA",
             "file":"file:///etc/passwd","bare":"data:image/png,AAAA"}\
            """);

    assertThat(DataUrl.image(body.need("web"), Optional.empty()))
        .isEqualTo(new Part.ImageUrl("https://example.com/a.png", Optional.empty(), "web"));
    assertThat(DataUrl.image(body.need("data"), Optional.empty()))
        .isEqualTo(new Part.ImageData("image/png", "AAAA", Optional.empty(), "data"));
    assertRefused("file", () -> DataUrl.image(body.need("file"), Optional.empty()));
    assertRefused("bare", () -> DataUrl.document(body.need("bare"), "", Optional.empty()));
  }

  private static void assertRefused(String path, ThrowingCallable asked) {
    assertThatThrownBy(asked)
        .isInstanceOfSatisfying(
            RefusedException.class,
            refused -> {
              assertThat(refused.refusal().code()).isEqualTo(Code.INVALID_REQUEST);
              assertThat(refused.refusal().param()).contains(path);
              assertThat(refused.refusal().message()).contains(path);
            });
  }

  private static Field root(String body) throws IOException {
    return Field.root(JSON.readTree(body));
  }
}
