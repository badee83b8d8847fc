package dev.penstock.dataplane.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a client sends, it is translated or refused by the name of a field. */
class RequestFuzzTest {

  private static final int TRIES = 1_000;

  private static final List<JsonNode> STRANGE =
      List.of(
          JsonNodeFactory.instance.nullNode(),
          JsonNodeFactory.instance.booleanNode(true),
          JsonNodeFactory.instance.numberNode(-1),
          JsonNodeFactory.instance.numberNode(1e300),
          JsonNodeFactory.instance.textNode(""),
          JsonNodeFactory.instance.textNode("none"),
          JsonNodeFactory.instance.textNode("half of a character: \ud83d"),
          JsonNodeFactory.instance.arrayNode(),
          JsonNodeFactory.instance.objectNode());

  /** A recorded request, and how it is to be damaged. */
  record Damaged(Codec from, GoldenCase golden, long seed) {}

  @Property(tries = TRIES)
  void aDamagedRequestIsTranslatedOrRefused(@ForAll("requests") Damaged damaged) {
    JsonNode body = damaged.golden().json("request.json");
    Random random = new Random(damaged.seed());
    for (int i = 0; i <= random.nextInt(3); i++) {
      damage(body, random);
    }
    try {
      ModelRequest request = damaged.from().requests().decode(body);
      for (Codec to : Codecs.all().values()) {
        encode(request, to);
      }
    } catch (RefusedException refused) {
      assertThat(refused.refusal().code()).isEqualTo(Code.INVALID_REQUEST);
    }
  }

  private static void encode(ModelRequest request, Codec to) {
    try {
      assertThat(to.toProvider().encode(request, Replay.target(to.dialect())).length())
          .isPositive();
    } catch (RefusedException refused) {
      assertThat(refused.refusal().code()).isIn(Code.UNSUPPORTED_FIELD, Code.INVALID_REQUEST);
      assertThat(refused.refusal().param()).isPresent();
    }
  }

  /** Puts something strange in the place of a value, however deep it stands. */
  private static void damage(JsonNode node, Random random) {
    JsonNode strange = STRANGE.get(random.nextInt(STRANGE.size())).deepCopy();
    if (node instanceof ObjectNode object && !object.isEmpty()) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      String name = names.get(random.nextInt(names.size()));
      JsonNode member = object.get(name);
      if (member.isContainerNode() && !member.isEmpty() && random.nextInt(4) > 0) {
        damage(member, random);
      } else {
        object.set(name, strange);
      }
    } else if (node instanceof ArrayNode array && !array.isEmpty()) {
      int at = random.nextInt(array.size());
      if (array.get(at).isContainerNode() && random.nextInt(4) > 0) {
        damage(array.get(at), random);
      } else {
        array.set(at, strange);
      }
    }
  }

  @Provide
  Arbitrary<Damaged> requests() {
    List<Damaged> cases = new ArrayList<>();
    for (Codec codec : Codecs.all().values()) {
      for (GoldenCase golden : GoldenCase.all(codec.dialect())) {
        if (golden.input("request.json").isPresent()) {
          cases.add(new Damaged(codec, golden, 0));
        }
      }
    }
    return Arbitraries.of(cases)
        .flatMap(it -> Arbitraries.longs().map(seed -> new Damaged(it.from(), it.golden(), seed)));
  }
}
