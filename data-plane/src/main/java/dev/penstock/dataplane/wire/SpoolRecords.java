package dev.penstock.dataplane.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.penstock.dataplane.journal.ExchangeRecord;
import dev.penstock.dataplane.journal.ExchangeRecord.Charge;
import dev.penstock.dataplane.journal.LeaseLine;
import dev.penstock.dataplane.journal.RecordCodec;
import dev.penstock.kernel.money.NanoUsd;
import dev.penstock.kernel.money.TokenPrice;
import dev.penstock.proto.usage.v1.Gap;
import dev.penstock.proto.usage.v1.HoldLine;
import dev.penstock.proto.usage.v1.LeaseCharge;
import dev.penstock.proto.usage.v1.LeaseLineState;
import dev.penstock.proto.usage.v1.ProgressLine;
import dev.penstock.proto.usage.v1.RequestRecord;
import dev.penstock.proto.usage.v1.SpoolRecord;
import dev.penstock.proto.usage.v1.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The bytes of the spool's lines, for one node. */
public final class SpoolRecords implements RecordCodec {

  /**
   * What may have come after the last mark in the spool, and from a provider that has not noticed
   * yet that nobody listens: three seconds of twice what the fastest models write.
   */
  private static final long UNSEEN_TOKENS = 1_200;

  /** Longest reason of a decision in a record that would not fit otherwise. */
  private static final int SHORT_REASON = 64;

  private final String node;
  private final String region;

  public SpoolRecords(String node, String region) {
    this.node = Objects.requireNonNull(node, "node");
    this.region = Objects.requireNonNull(region, "region");
  }

  @Override
  public Unnumbered record(ExchangeRecord record, int maxBytes) {
    RequestRecord.Builder message = RequestRecords.of(record, node, region);
    return unnumbered(message, record.charges(), maxBytes);
  }

  @Override
  public int number(byte[] unnumbered, long seq) {
    // A message's fields may stand in any order, so its number can stand before what is encoded.
    int from =
        NUMBER_BYTES - CodedOutputStream.computeUInt64Size(SpoolRecord.SEQ_FIELD_NUMBER, seq);
    CodedOutputStream out = CodedOutputStream.newInstance(unnumbered, from, NUMBER_BYTES - from);
    try {
      out.writeUInt64(SpoolRecord.SEQ_FIELD_NUMBER, seq);
    } catch (IOException impossible) {
      throw new UncheckedIOException("the array has the right size", impossible);
    }
    return from;
  }

  @Override
  public byte[] gap(long seq, String reason, long bytes) {
    return SpoolRecord.newBuilder()
        .setSeq(seq)
        .setGap(Gap.newBuilder().setReason(reason).setBytes(bytes))
        .build()
        .toByteArray();
  }

  @Override
  public byte[] hold(ExchangeRecord.OpenHold hold, int maxBytes) {
    HoldLine.Builder line =
        HoldLine.newBuilder()
            .addAllLeaseIds(hold.leaseIds())
            .setAmountNanoUsd(hold.amount().value())
            .setPresumedInputTokens(hold.presumption().inputTokens())
            .setPresumedInputPrice(hold.presumption().inputPricePerMillion())
            .setPresumedOutputPrice(hold.presumption().outputPricePerMillion());
    RequestRecord.Builder soFar = RequestRecords.of(hold.soFar(), node, region);
    HoldLine whole = line.setSoFar(soFar).build();
    if (whole.getSerializedSize() <= maxBytes) {
      return whole.toByteArray(); // the messages remember their sizes
    }
    int rest = maxBytes - line.clearSoFar().build().getSerializedSize() - NUMBER_BYTES;
    return line.setSoFar(fitted(soFar, rest)).build().toByteArray();
  }

  @Override
  public Unnumbered presume(byte[] hold, long outputTokens, long amount, int maxBytes) {
    HoldLine line;
    try {
      HoldLine first = HoldLine.parseFrom(hold);
      line = first.toBuilder().setAmountNanoUsd(Math.max(first.getAmountNanoUsd(), amount)).build();
    } catch (InvalidProtocolBufferException changed) {
      throw new IllegalArgumentException("not a hold's line", changed);
    }
    long cost = presumedCost(line, outputTokens);
    RequestRecord.Builder record =
        line.getSoFar().toBuilder()
            .setOutcome("failed")
            .setErrorCode("upstream_cut")
            .setPresumed(true)
            .setTokens(
                Tokens.newBuilder().setInput(line.getPresumedInputTokens()).setOutput(outputTokens))
            .setUsageSource("estimated")
            .setCostNanoUsd(cost)
            .clearCharges();
    List<Charge> charges = new ArrayList<>(line.getLeaseIdsCount());
    for (String leaseId : line.getLeaseIdsList()) {
      record.addCharges(LeaseCharge.newBuilder().setLeaseId(leaseId).setCostNanoUsd(cost));
      charges.add(new Charge(leaseId, new NanoUsd(cost)));
    }
    return unnumbered(record, charges, maxBytes);
  }

  private static long presumedCost(HoldLine line, long outputTokens) {
    try {
      NanoUsd input =
          new TokenPrice(line.getPresumedInputPrice()).of(line.getPresumedInputTokens());
      NanoUsd output =
          new TokenPrice(line.getPresumedOutputPrice())
              .of(Math.addExact(outputTokens, UNSEEN_TOKENS));
      return Math.min(line.getAmountNanoUsd(), input.plus(output).value());
    } catch (ArithmeticException huge) {
      return line.getAmountNanoUsd();
    }
  }

  @Override
  public byte[] progress(Progress progress) {
    return ProgressLine.newBuilder()
        .setRequestId(progress.requestId())
        .setOutputTokens(progress.outputTokens())
        .setAmountNanoUsd(progress.amount())
        .build()
        .toByteArray();
  }

  @Override
  public byte[] lease(LeaseLine line) {
    return dev.penstock.proto.usage.v1.LeaseLine.newBuilder()
        .setLeaseId(line.leaseId())
        .setBudgetId(line.budgetId())
        .setGrantedNanoUsd(line.granted())
        .setReturnedNanoUsd(line.returned())
        .setConsumedNanoUsd(line.consumed())
        .setState(
            switch (line.state()) {
              case PENDING -> LeaseLineState.LEASE_LINE_STATE_PENDING;
              case ACTIVE -> LeaseLineState.LEASE_LINE_STATE_ACTIVE;
              case CLOSING -> LeaseLineState.LEASE_LINE_STATE_CLOSING;
              case CLOSED -> LeaseLineState.LEASE_LINE_STATE_CLOSED;
            })
        .build()
        .toByteArray();
  }

  @Override
  public Optional<Settled> readSettled(byte[] bytes) {
    try {
      SpoolRecord record = SpoolRecord.parseFrom(bytes);
      return Optional.of(
          new Settled(record.getSeq(), record.getRequest().getId(), charges(record.getRequest())));
    } catch (InvalidProtocolBufferException unreadable) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<Held> readHold(byte[] bytes) {
    try {
      HoldLine line = HoldLine.parseFrom(bytes);
      return Optional.of(new Held(line.getSoFar().getId(), List.copyOf(line.getLeaseIdsList())));
    } catch (InvalidProtocolBufferException unreadable) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<Progress> readProgress(byte[] bytes) {
    try {
      ProgressLine line = ProgressLine.parseFrom(bytes);
      return Optional.of(
          new Progress(line.getRequestId(), line.getOutputTokens(), line.getAmountNanoUsd()));
    } catch (InvalidProtocolBufferException unreadable) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<LeaseLine> readLease(byte[] bytes) {
    try {
      dev.penstock.proto.usage.v1.LeaseLine line =
          dev.penstock.proto.usage.v1.LeaseLine.parseFrom(bytes);
      return state(line.getState())
          .map(state ->
              new LeaseLine(
                  line.getLeaseId(),
                  line.getBudgetId(),
                  line.getGrantedNanoUsd(),
                  line.getReturnedNanoUsd(),
                  line.getConsumedNanoUsd(),
                  state));
    } catch (InvalidProtocolBufferException unreadable) {
      return Optional.empty();
    }
  }

  private static Optional<LeaseLine.State> state(LeaseLineState state) {
    return switch (state) {
      case LEASE_LINE_STATE_PENDING -> Optional.of(LeaseLine.State.PENDING);
      case LEASE_LINE_STATE_ACTIVE -> Optional.of(LeaseLine.State.ACTIVE);
      case LEASE_LINE_STATE_CLOSING -> Optional.of(LeaseLine.State.CLOSING);
      case LEASE_LINE_STATE_CLOSED -> Optional.of(LeaseLine.State.CLOSED);
      case LEASE_LINE_STATE_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
    };
  }

  private static List<Charge> charges(RequestRecord record) {
    List<Charge> charges = new ArrayList<>(record.getChargesCount());
    for (LeaseCharge charge : record.getChargesList()) {
      charges.add(new Charge(charge.getLeaseId(), new NanoUsd(charge.getCostNanoUsd())));
    }
    return charges;
  }

  private static Unnumbered unnumbered(
      RequestRecord.Builder message, List<Charge> charges, int maxBytes) {
    SpoolRecord record =
        SpoolRecord.newBuilder().setRequest(fitted(message, maxBytes - 2 * NUMBER_BYTES)).build();
    byte[] bytes = new byte[NUMBER_BYTES + record.getSerializedSize()];
    try {
      CodedOutputStream out =
          CodedOutputStream.newInstance(bytes, NUMBER_BYTES, bytes.length - NUMBER_BYTES);
      record.writeTo(out);
      out.checkNoSpaceLeft();
    } catch (IOException impossible) {
      throw new UncheckedIOException("the array has the right size", impossible);
    }
    return new Unnumbered(bytes, charges);
  }

  /**
   * Cuts detail until the record fits: long reasons, then decisions, then attempts, then tags. Who
   * is charged what is never cut.
   */
  private static RequestRecord fitted(RequestRecord.Builder record, int maxBytes) {
    RequestRecord whole = record.build();
    if (whole.getSerializedSize() <= maxBytes) { // remembered, so it is counted once
      return whole;
    }
    for (int i = 0; i < record.getDecisionsCount(); i++) {
      ByteString reason = record.getDecisions(i).getReasonBytes();
      if (reason.size() > SHORT_REASON) {
        String text = record.getDecisions(i).getReason();
        record.getDecisionsBuilder(i).setReason(cut(text));
      }
    }
    if (record.build().getSerializedSize() > maxBytes) {
      record.clearDecisions();
    }
    if (record.build().getSerializedSize() > maxBytes) {
      record.clearAttempts();
    }
    if (record.build().getSerializedSize() > maxBytes) {
      record.clearTags();
    }
    if (record.build().getSerializedSize() > maxBytes) {
      record.setModelAsked(cut(record.getModelAsked())).setSubject(cut(record.getSubject()));
    }
    return record.build();
  }

  private static String cut(String text) {
    int end =
        text.offsetByCodePoints(
            0, Math.min(SHORT_REASON / 4, text.codePointCount(0, text.length())));
    return text.substring(0, end);
  }
}
