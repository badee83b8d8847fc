package dev.penstock.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.penstock.cli.process.ProcessSpec.Label;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisorTest {
  private static final String FOREVER = "echo started; exec sleep 600";

  @TempDir Path folder;

  private final Queue<Death> deaths = new ConcurrentLinkedQueue<>();
  private ProcessTable table = new ProcessTable(Path.of("unused"));
  private Supervisor supervisor = new Supervisor(table, deaths::add);

  @BeforeEach
  void supervisor() {
    table = new ProcessTable(folder.resolve("processes.json"));
    supervisor = new Supervisor(table, deaths::add);
  }

  @AfterEach
  void leaveNothingBehind() {
    supervisor.closing();
    supervisor.all().forEach(ManagedProcess::kill);
  }

  @Test
  void reportsADeathWithItsLastLinesAndStaysDown() {
    ManagedProcess process =
        supervisor.launch(spec("node", "echo booting; echo 'no disk left' >&2; exit 7"));

    await().untilAsserted(() -> assertThat(deaths).hasSize(1));

    Death death = deaths.element();
    assertThat(death.exitCode()).isEqualTo(7);
    assertThat(death.lastLines()).containsExactly("booting", "no disk left");
    assertThat(death.report())
        .contains("node died: exit code 7")
        .contains("no disk left")
        .contains("node.log");
    assertThat(process.state()).isEqualTo(new ProcessState.Died(7));
    assertThat(table.read()).extracting(ProcessEntry::state).containsExactly("died (7)");
  }

  @Test
  void namesTheSignalOfAKillFromOutside() {
    ManagedProcess process = supervisor.launch(spec("node", FOREVER));

    ProcessHandle.of(process.pid()).orElseThrow().destroyForcibly();

    await().untilAsserted(() -> assertThat(deaths).hasSize(1));
    assertThat(deaths.element().report()).contains("exit code 137 (signal 9)");
  }

  @Test
  void doesNotReportWhatItWasToldToEnd() {
    ManagedProcess stopped = supervisor.launch(spec("stopped", FOREVER));
    ManagedProcess killed = supervisor.launch(spec("killed", FOREVER));
    ManagedProcess dying = supervisor.launch(spec("dying", "exit 3"));

    stopped.stop();
    killed.kill();

    await().untilAsserted(() -> assertThat(deaths).hasSize(1));
    assertThat(deaths.element().name()).isEqualTo("dying");
    assertThat(stopped.state()).isEqualTo(new ProcessState.Stopped());
    assertThat(killed.state()).isEqualTo(new ProcessState.Stopped());
    assertThat(dying.isRunning()).isFalse();
  }

  @Test
  void startsAgainWithAnotherProcess() {
    ManagedProcess process = supervisor.launch(spec("node", FOREVER));
    long first = process.pid();
    process.kill();

    process.start();

    assertThat(process.pid()).isNotEqualTo(first);
    assertThat(table.read()).extracting(ProcessEntry::pid).containsExactly(process.pid());
    assertThatThrownBy(process::start).hasMessageContaining("is running already");
  }

  @Test
  void showsOnlyTheLinesOfTheLastRun() {
    ManagedProcess process = supervisor.launch(spec("node", "echo first life; exec sleep 600"));
    await().until(() -> Files.size(folder.resolve("node.log")) > 0);
    process.kill();

    process.start();
    await().until(() -> Files.readString(folder.resolve("node.log")).lines().count() == 2);
    ProcessHandle.of(process.pid()).orElseThrow().destroyForcibly();

    await().untilAsserted(() -> assertThat(deaths).hasSize(1));
    assertThat(deaths.element().lastLines()).containsExactly("first life");
  }

  @Test
  void waitsUntilAProcessIsReady() {
    Path sign = folder.resolve("ready");
    ManagedProcess process =
        supervisor.launch(
            spec("node", "sleep 0.2; : > " + sign + "; exec sleep 600", () -> Files.exists(sign)));

    process.awaitReady(Duration.ofSeconds(20));

    assertThat(sign).exists();
  }

  @Test
  void doesNotWaitForADeadProcess() {
    ManagedProcess process =
        supervisor.launch(spec("node", "echo no configuration; exit 78", () -> false));

    assertThatThrownBy(() -> process.awaitReady(Duration.ofSeconds(20)))
        .hasMessageContaining("node died: exit code 78")
        .hasMessageContaining("no configuration");
  }

  @Test
  void givesUpOnAProcessThatIsNeverReady() {
    ManagedProcess process = supervisor.launch(spec("node", FOREVER, () -> false));

    assertThatThrownBy(() -> process.awaitReady(Duration.ofMillis(50)))
        .hasMessageContaining("was not ready after");
  }

  @Test
  void endsTheDescendantsToo() {
    ManagedProcess process = supervisor.launch(spec("node", "sleep 601 & wait"));
    ProcessHandle shell = ProcessHandle.of(process.pid()).orElseThrow();
    await().until(() -> shell.descendants().count() == 1);
    ProcessHandle grandchild = shell.descendants().findFirst().orElseThrow();

    process.kill();

    await().until(() -> !grandchild.isAlive());
  }

  @Test
  void hidesTheUsersEnvironmentFromProcesses() throws Exception {
    ManagedProcess process = supervisor.launch(spec("node", "env; exec sleep 600"));
    await().until(() -> Files.readString(folder.resolve("node.log")).contains("PENSTOCK_REGION"));

    assertThat(Files.readString(folder.resolve("node.log")).lines())
        .contains("PENSTOCK_REGION=eu-west")
        .allMatch(line ->
            line.matches(
                "(PATH|HOME|USER|LANG|LC_ALL|TZ|TMPDIR|JAVA_HOME|LD_LIBRARY_PATH|PWD|OLDPWD|SHLVL|_|PENSTOCK_REGION)=.*"));
    assertThat(process.spec().toString()).doesNotContain("eu-west");
  }

  @Test
  void saysWhichProcessesThereAre() {
    supervisor.launch(spec("node", FOREVER));

    assertThatThrownBy(() -> supervisor.process("nod")).hasMessageContaining("there are: node");
  }

  private ProcessSpec spec(String name, String script) {
    return spec(name, script, () -> true);
  }

  private ProcessSpec spec(String name, String script, Readiness readiness) {
    return new ProcessSpec(
        new Label(name, "data-plane", null, URI.create("http://127.0.0.1:1"), null),
        List.of("/bin/sh", "-c", script),
        Map.of("PENSTOCK_REGION", "eu-west"),
        readiness,
        StopSignal.TERMINATE,
        folder.resolve(name + ".log"));
  }
}
