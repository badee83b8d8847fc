package dev.penstock.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessTableTest {
  private static final ProcessEntry NODE =
      new ProcessEntry(
          "eu-west-1",
          "data-plane",
          "eu-west",
          4711L,
          "http://127.0.0.1:8080",
          "http://127.0.0.1:8081",
          "/x/eu-west-1.log",
          "running",
          "2026-11-24T06:00:00Z");

  private static final ProcessEntry NODE_OF_A_KILLED_RUN =
      new ProcessEntry(
          "eu-west-1",
          "data-plane",
          "eu-west",
          (long) Integer.MAX_VALUE,
          "http://127.0.0.1:8080",
          null,
          "/x/eu-west-1.log",
          "running",
          "2026-11-24T06:00:00Z");

  @TempDir Path folder;

  @Test
  void readsWhatItWrote() {
    ProcessTable table = new ProcessTable(folder.resolve("processes.json"));

    table.write(List.of(NODE));

    assertThat(table.read()).containsExactly(NODE);
  }

  @Test
  void hasTheFieldsThatOthersBuildOn() throws Exception {
    Path file = folder.resolve("processes.json");

    new ProcessTable(file).write(List.of(NODE));

    assertThat(Files.readString(file).replaceAll("\\s", ""))
        .startsWith(
            "[{\"name\":\"eu-west-1\",\"kind\":\"data-plane\",\"region\":\"eu-west\",\"pid\":4711,"
                + "\"url\":\"http://127.0.0.1:8080\",\"opsUrl\":\"http://127.0.0.1:8081\",\"log\":\"/x/eu-west-1.log\"");
  }

  @Test
  void isEmptyWithoutAFileAndWithATornOne() throws Exception {
    Path file = folder.resolve("processes.json");
    assertThat(new ProcessTable(file).read()).isEmpty();

    Files.writeString(file, "[{\"name\":");

    assertThat(new ProcessTable(file).read()).isEmpty();
  }

  @Test
  void isListedForPeople() {
    ProcessEntry down =
        new ProcessEntry("postgres", "postgres", null, null, null, null, "log", "died (1)", null);

    assertThat(PsCommand.render(List.of(NODE_OF_A_KILLED_RUN, down)))
        .isEqualTo(
            """
            NAME       KIND        REGION   PID         STATE     ADDRESS
            eu-west-1  data-plane  eu-west  2147483647  gone      http://127.0.0.1:8080
            postgres   postgres    -        -           died (1)  -
            """);
  }
}
