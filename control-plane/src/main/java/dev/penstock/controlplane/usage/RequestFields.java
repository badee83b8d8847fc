package dev.penstock.controlplane.usage;

import dev.penstock.controlplane.listing.Field;
import dev.penstock.controlplane.listing.Field.Type;
import dev.penstock.controlplane.listing.ListQuery.SortKey;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** By what records can be filtered and sorted, under the names that a record shows. */
final class RequestFields {

  private record Column(
      String name,
      String attribute,
      Type type,
      Function<RequestRecordEntity, Comparable<?>> value) {

    Field field() {
      return new Field(name, attribute, type);
    }
  }

  private static final List<Column> COLUMNS =
      List.of(
          new Column("id", "id", Type.ID, row -> row.id),
          new Column("at", "at", Type.TIME, row -> row.at),
          new Column("tenant", "tenant", Type.TEXT, row -> row.tenant),
          new Column("apiKey", "apiKey", Type.TEXT, row -> row.apiKey),
          new Column("subject", "subject", Type.TEXT, row -> row.subject),
          new Column("dialect", "dialect", Type.TEXT, row -> row.dialect),
          new Column("transport", "transport", Type.TEXT, row -> row.transport),
          new Column("stream", "stream", Type.FLAG, row -> row.stream),
          new Column("modelAsked", "modelAsked", Type.TEXT, row -> row.modelAsked),
          new Column("model", "model", Type.TEXT, row -> row.model),
          new Column("deployment", "deployment", Type.TEXT, row -> row.deployment),
          new Column("provider", "provider", Type.TEXT, row -> row.provider),
          new Column("credential.name", "credentialName", Type.TEXT, row -> row.credentialName),
          new Column(
              "credential.version", "credentialVersion", Type.INT, row -> row.credentialVersion),
          new Column("node", "node", Type.TEXT, row -> row.node),
          new Column("nodeRegion", "nodeRegion", Type.TEXT, row -> row.nodeRegion),
          new Column("providerRegion", "providerRegion", Type.TEXT, row -> row.providerRegion),
          new Column("policyRevision", "policyRevision", Type.LONG, row -> row.policyRevision),
          new Column(
              "ttftUpstreamMicros", "ttftUpstreamMicros", Type.LONG, row -> row.ttftUpstreamMicros),
          new Column(
              "ttftDeliveredMicros",
              "ttftDeliveredMicros",
              Type.LONG,
              row -> row.ttftDeliveredMicros),
          new Column("durationMicros", "durationMicros", Type.LONG, row -> row.durationMicros),
          new Column("tokens.input", "inputTokens", Type.LONG, row -> row.inputTokens),
          new Column("tokens.cacheRead", "cacheReadTokens", Type.LONG, row -> row.cacheReadTokens),
          new Column(
              "tokens.cacheWrite", "cacheWriteTokens", Type.LONG, row -> row.cacheWriteTokens),
          new Column(
              "tokens.cacheWrite1h",
              "cacheWrite1hTokens",
              Type.LONG,
              row -> row.cacheWrite1hTokens),
          new Column(
              "tokens.audioInput", "audioInputTokens", Type.LONG, row -> row.audioInputTokens),
          new Column("tokens.output", "outputTokens", Type.LONG, row -> row.outputTokens),
          new Column("tokens.reasoning", "reasoningTokens", Type.LONG, row -> row.reasoningTokens),
          new Column(
              "tokens.audioOutput", "audioOutputTokens", Type.LONG, row -> row.audioOutputTokens),
          new Column("usageSource", "usageSource", Type.TEXT, row -> row.usageSource),
          new Column("serviceTier", "serviceTier", Type.TEXT, row -> row.serviceTier),
          new Column("costNanoUsd", "costNanoUsd", Type.LONG, row -> row.costNanoUsd),
          new Column("outcome", "outcome", Type.TEXT, row -> row.outcome),
          new Column("errorCode", "errorCode", Type.TEXT, row -> row.errorCode),
          new Column("status", "status", Type.INT, row -> row.status),
          new Column("presumed", "presumed", Type.FLAG, row -> row.presumed),
          new Column("wouldDeny", "wouldDeny", Type.FLAG, row -> row.wouldDeny));

  private static final Map<String, Column> BY_NAME =
      COLUMNS.stream().collect(Collectors.toMap(Column::name, Function.identity()));

  static final List<Field> ALL = COLUMNS.stream().map(Column::field).toList();

  /** Request ids are unique, so every order ends with them. */
  static final List<SortKey> NEWEST_FIRST =
      List.of(SortKey.down(column("at").field()), SortKey.down(column("id").field()));

  private RequestFields() {}

  static Comparable<?> value(RequestRecordEntity row, Field field) {
    return column(field.name()).value().apply(row);
  }

  private static Column column(String name) {
    return Objects.requireNonNull(BY_NAME.get(name), name);
  }
}
