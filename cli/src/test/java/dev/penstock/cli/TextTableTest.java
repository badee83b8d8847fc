package dev.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextTableTest {

  @Test
  void alignsColumnsAndLeavesNoBlanksAtTheEnd() {
    TextTable table = new TextTable("NAME", "PID");
    table.row("eu-west-1", "7");

    assertThat(table).hasToString("NAME       PID\neu-west-1  7\n");
  }
}
