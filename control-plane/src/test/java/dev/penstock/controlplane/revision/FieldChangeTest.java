package dev.penstock.controlplane.revision;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class FieldChangeTest {

  @Test
  void namesFieldsDownToTheirLeaves() throws JsonProcessingException {
    // Given
    ObjectNode before =
        spec("{'amount':'1.00','window':{'every':'day','timeZone':'UTC'},'models':['a'],'x':1}");
    ObjectNode after =
        spec(
            "{'amount':'2.00','window':{'every':'day'},'models':['a','b'],'x':1,'tags':{'k':'v'}}");

    // When
    List<FieldChange> changes = FieldChange.between(before, after);

    // Then
    assertThat(changes.stream().map(c -> c.field() + " " + c.from() + " " + c.to()))
        .containsExactly(
            "spec.amount Optional[\"1.00\"] Optional[\"2.00\"]",
            "spec.models Optional[[\"a\"]] Optional[[\"a\",\"b\"]]",
            "spec.tags Optional.empty Optional[{\"k\":\"v\"}]",
            "spec.window.timeZone Optional[\"UTC\"] Optional.empty");
  }

  @Test
  void findsNothingWhereNothingDiffers() throws JsonProcessingException {
    assertThat(FieldChange.between(spec("{'a':{'b':[1]}}"), spec("{'a':{'b':[1]}}"))).isEmpty();
  }

  private static ObjectNode spec(String json) throws JsonProcessingException {
    return (ObjectNode) new ObjectMapper().readTree(json.replace('\'', '"'));
  }
}
