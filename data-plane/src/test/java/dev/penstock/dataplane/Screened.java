package dev.penstock.dataplane;

import dev.penstock.proto.usage.v1.Decision;
import dev.penstock.proto.usage.v1.RequestRecord;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;

/** What guards have left of an exchange: in its record, and at the provider. */
final class Screened {

  private Screened() {}

  /** What the step let pass, and why. */
  static List<String> passed(RequestRecord record) {
    return record.getDecisionsList().stream()
        .filter(each -> each.getStep().equals("screen") && each.getVerdict().equals("pass"))
        .map(Decision::getReason)
        .toList();
  }

  /** The simulator's invoice, which shows what it was asked. */
  static String invoice(NodeTester node) throws Exception {
    URI invoice = URI.create(node.sim.baseUrl()).resolve("/_sim/invoice");
    return node.send(HttpRequest.newBuilder(invoice)).body();
  }
}
