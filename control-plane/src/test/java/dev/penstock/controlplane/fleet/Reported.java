package dev.penstock.controlplane.fleet;

import dev.penstock.proto.usage.v1.Attempt;
import dev.penstock.proto.usage.v1.Decision;
import dev.penstock.proto.usage.v1.RequestRecord;
import dev.penstock.proto.usage.v1.Tokens;
import java.time.Instant;
import java.util.UUID;

/** What nodes report of requests. */
final class Reported {

  private Reported() {}

  /** A request of the company's that was served just now. */
  static RequestRecord.Builder served(String node, String region, UUID id) {
    return RequestRecord.newBuilder()
        .setId(id.toString())
        .setAtUnixMicros(Instant.now().toEpochMilli() * 1000)
        .setNode(node)
        .setNodeRegion(region)
        .setTenant("acme-health")
        .addTenantPath("acme")
        .addTenantPath("acme-health")
        .setApiKey("support-assistant")
        .setDialect("openai-chat")
        .setTransport("sse")
        .setStream(true)
        .setModelAsked("assistant")
        .setModel("assistant")
        .setDeployment("assistant-eu")
        .setProvider("openai-eu")
        .setProviderRegion(region)
        .setCredentialName("acme/openai-eu")
        .setCredentialVersion(1)
        .addDecisions(Decision.newBuilder().setStep("identify").setVerdict("pass"))
        .addAttempts(
            Attempt.newBuilder()
                .setDeployment("assistant-eu")
                .setStatus(200)
                .setFirstTokenMicros(20_000)
                .setBillable(true)
                .setProviderRequestId("req_of_provider")
                .setProvider("openai-eu")
                .setModel("assistant")
                .setTokens(Tokens.newBuilder().setInput(12).setOutput(20))
                .setUsageSource("provider")
                .setCostNanoUsd(500))
        .setTtftUpstreamMicros(20_000)
        .setTtftDeliveredMicros(21_000)
        .setDurationMicros(90_000)
        .setTokens(
            Tokens.newBuilder()
                .setInput(12)
                .setCacheRead(2)
                .setCacheWrite(5)
                .setCacheWrite1H(3)
                .setAudioInput(1)
                .setOutput(20)
                .setReasoning(6)
                .setAudioOutput(7))
        .setUsageSource("provider")
        .setOutcome("served")
        .setStatus(200);
  }
}
