package dev.penstock.dataplane.dialect;

import dev.penstock.dataplane.dialect.anthropic.ApiVersion;
import dev.penstock.dataplane.dialect.anthropic.MessagesCodec;
import dev.penstock.dataplane.dialect.mistral.MistralCodec;
import dev.penstock.dataplane.dialect.openai.chat.ChatCodec;
import dev.penstock.dataplane.dialect.openai.responses.ResponsesCodec;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The codec of each dialect that can be translated. */
public final class Codecs {

  private static final Map<Dialect, Codec> ALL =
      byDialect(
          List.of(
              new ChatCodec(),
              new ResponsesCodec(),
              new MessagesCodec(ApiVersion.V2023_06_01),
              new MistralCodec()));

  private Codecs() {}

  private static Map<Dialect, Codec> byDialect(List<Codec> codecs) {
    Map<Dialect, Codec> all = new EnumMap<>(Dialect.class);
    codecs.forEach(codec -> all.put(codec.dialect(), codec));
    return Collections.unmodifiableMap(all);
  }

  public static Codec of(Dialect dialect) {
    return Objects.requireNonNull(ALL.get(dialect), dialect::word);
  }

  /** In the order of the dialects. */
  public static Map<Dialect, Codec> all() {
    return ALL;
  }
}
