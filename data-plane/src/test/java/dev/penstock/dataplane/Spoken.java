package dev.penstock.dataplane;

/** What is spoken on a WebSocket: where, and how one asks for a model. */
enum Spoken {
  CHAT(
      SocketTester.CHAT,
      "{\"id\":1,\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"),
  RESPONSES(
      SocketTester.RESPONSES,
      "{\"type\":\"response.create\",\"model\":\"assistant\",\"input\":\"%s\"}");

  final String path;
  private final String message;

  Spoken(String path, String message) {
    this.path = path;
    this.message = message;
  }

  String message() {
    return asking("hi");
  }

  String asking(String text) {
    return message.formatted(text);
  }
}
