package dev.penstock.providersim.responses;

/** The item that is being written. */
sealed interface OpenItem {
  String id();

  StringBuilder text();

  record Message(String id, StringBuilder text) implements OpenItem {}

  record Refusal(String id, StringBuilder text) implements OpenItem {}

  record Reasoning(String id, StringBuilder text) implements OpenItem {}

  record Call(ResponseItems.Call call, StringBuilder text) implements OpenItem {
    @Override
    public String id() {
      return call.id();
    }
  }
}
