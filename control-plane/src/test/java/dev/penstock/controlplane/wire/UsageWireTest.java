package dev.penstock.controlplane.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.penstock.controlplane.usage.RequestRecord.Charge;
import dev.penstock.controlplane.usage.SpoolEntry.Content;
import dev.penstock.proto.usage.v1.LeaseCharge;
import dev.penstock.proto.usage.v1.RequestRecord;
import dev.penstock.proto.usage.v1.SpoolRecord;
import dev.penstock.proto.usage.v1.Tokens;
import dev.penstock.proto.usage.v1.UsageBatch;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class UsageWireTest {

  private static final String LEASE = UUID.randomUUID().toString();

  @Test
  void readsASoundRecord() {
    Content content = read(record(each -> each));

    assertThat(content).isInstanceOf(Content.Request.class);
    assertThat(((Content.Request) content).record().charges()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource
  void unsoundRecordsArePoison(UnaryOperator<RequestRecord.Builder> change, String reason) {
    assertThat(read(record(change)))
        .isInstanceOfSatisfying(
            Content.Poison.class, poison -> assertThat(poison.reason()).contains(reason));
  }

  @Test
  void poisonKeepsTheMoneyThatCanBeRead() {
    assertThat(read(record(each -> each.setOutcome("odd"))).charges())
        .containsExactly(new Charge(UUID.fromString(LEASE), 5));
  }

  @Test
  void poisonHasNoMoneyWhereOneChargeIsUnsound() {
    assertThat(
            read(record(each -> each.addCharges(LeaseCharge.newBuilder().setLeaseId("x"))))
                .charges())
        .isEmpty();
  }

  static Stream<Arguments> unsoundRecordsArePoison() {
    return Stream.of(
        unsound(each -> each.setId("not a uuid"), "id: not a UUID"),
        unsound(each -> each.setId("1-1-1-1-1"), "id: not a UUID"),
        unsound(each -> each.setCostNanoUsd(-1), "cost_nano_usd"),
        unsound(each -> each.setCostNanoUsd(Long.MAX_VALUE), "cost_nano_usd"),
        unsound(each -> each.setAtUnixMicros(Long.MAX_VALUE), "at_unix_micros"),
        unsound(each -> each.setOutcome("odd"), "outcome"),
        unsound(each -> each.setDurationMicros(-5), "duration_micros"),
        unsound(each -> each.setModel("a\0b"), "model: holds a NUL"),
        unsound(each -> each.setSubject("x".repeat(257)), "subject: 257 characters"),
        unsound(each -> each.putTags("a", "\0"), "tags: holds a NUL"),
        unsound(each -> each.setStatus(-1), "status"),
        unsound(each -> each.setTokens(Tokens.newBuilder().setCacheRead(9)), "larger than"),
        unsound(
            each -> each.setTokens(Tokens.newBuilder().setInput(9).setCacheWrite1H(9)),
            "tokens.cache_write_1h"),
        unsound(
            each -> each.addCharges(LeaseCharge.newBuilder().setLeaseId(LEASE)), "one lease twice"),
        unsound(
            each -> each.setCharges(0, LeaseCharge.newBuilder().setLeaseId("x")),
            "charges.lease_id"));
  }

  @Test
  void bytesThatAreNoRecordArePoisonAndKept() {
    ByteString garbage = ByteString.copyFromUtf8("\377\377 garbage");

    var batch = UsageWire.read(batch(garbage));

    assertThat(batch.entries().getFirst().content()).isInstanceOf(Content.Poison.class);
    assertThat(batch.entries().getFirst().body()).isEqualTo(garbage.toByteArray());
  }

  @Test
  void aRecordInTheWrongPlaceIsPoison() {
    ByteString second = SpoolRecord.newBuilder().setSeq(8).build().toByteString();

    assertThat(UsageWire.read(batch(second)).entries().getFirst().content())
        .isInstanceOf(Content.Poison.class);
  }

  @Test
  void aBatchThatIsTooLongIsRefusedAsAWhole() {
    ByteString[] records = new ByteString[501];
    java.util.Arrays.fill(records, ByteString.EMPTY);

    assertThatThrownBy(() -> UsageWire.read(batch(records)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("501");
  }

  private static Arguments unsound(UnaryOperator<RequestRecord.Builder> change, String reason) {
    return Arguments.of(change, reason);
  }

  private static Content read(RequestRecord record) {
    ByteString bytes = SpoolRecord.newBuilder().setSeq(7).setRequest(record).build().toByteString();
    return UsageWire.read(batch(bytes)).entries().getFirst().content();
  }

  private static UsageBatch batch(ByteString... records) {
    return UsageBatch.newBuilder()
        .setSpoolId(UUID.randomUUID().toString())
        .setFirstSeq(7)
        .addAllRecords(java.util.List.of(records))
        .build();
  }

  private static RequestRecord record(UnaryOperator<RequestRecord.Builder> change) {
    return change
        .apply(
            RequestRecord.newBuilder()
                .setId(UUID.randomUUID().toString())
                .setAtUnixMicros(1_790_000_000_000_000L)
                .setOutcome("served")
                .setUsageSource("provider")
                .setTokens(Tokens.newBuilder().setInput(3).setOutput(4))
                .addCharges(LeaseCharge.newBuilder().setLeaseId(LEASE).setCostNanoUsd(5)))
        .build();
  }
}
