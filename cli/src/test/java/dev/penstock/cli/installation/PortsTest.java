package dev.penstock.cli.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.cli.installation.Ports.NodePorts;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PortsTest {

  @Test
  void standsWhereTheDocumentsSay() {
    Ports ports = Ports.standard();

    assertThat(ports).isEqualTo(new Ports(9080, 9443, 7080, 8090, 15_432, 8180, 8080));
    assertThat(IntStream.range(0, 7).mapToObj(ports::node).map(NodePorts::traffic))
        .containsExactly(8080, 8082, 8084, 8086, 8088, 8092, 8094);
  }

  @Property
  void neverGivesAPortTwice(
      @ForAll @IntRange(min = 1024, max = 65_435) int base,
      @ForAll @IntRange(min = 1, max = 40) int nodes) {
    for (Ports ports : new Ports[] {Ports.from(base), Ports.standard()}) {
      Set<Integer> used = new HashSet<>();
      assertThat(used.add(ports.admin())).isTrue();
      assertThat(used.add(ports.grpc())).isTrue();
      assertThat(used.add(ports.console())).isTrue();
      assertThat(used.add(ports.simulator())).isTrue();
      assertThat(used.add(ports.postgres())).isTrue();
      assertThat(used.add(ports.sso())).isTrue();
      for (int index = 0; index < nodes; index++) {
        assertThat(used.add(ports.node(index).traffic())).isTrue();
        assertThat(used.add(ports.node(index).ops())).isTrue();
      }
      assertThat(used).allMatch(port -> port >= 1024 && port <= 65_535);
    }
  }

  @Test
  void refusesABaseOutOfRange() {
    assertThatThrownBy(() -> Ports.from(80)).hasMessageContaining("--port-base: 80");
    assertThatThrownBy(() -> Ports.from(65_500)).hasMessageContaining("expected: 1024 to 65435");
  }
}
