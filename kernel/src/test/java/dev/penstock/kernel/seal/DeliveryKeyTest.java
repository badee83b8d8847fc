package dev.penstock.kernel.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class DeliveryKeyTest {

  private static final byte[] MASTER = new byte[32];
  private static final byte[] VALUE = "sk-something".getBytes(StandardCharsets.UTF_8);

  private final DeliveryKey key = DeliveryKey.ofRegion(MASTER, "eu-west");

  @Property
  void opensWhatItSealed(@ForAll String name, @ForAll byte[] value) {
    assertThat(key.open(name, key.seal(name, value))).isEqualTo(value);
  }

  @Test
  void sealsTheSameValueToTheSameBytes() {
    assertThat(key.seal("a", VALUE)).isEqualTo(key.seal("a", VALUE));
    assertThat(key.seal("a", VALUE)).isNotEqualTo(key.seal("b", VALUE));
  }

  @Test
  void refusesAnotherNameRegionOrAnyChangedBit() {
    byte[] sealed = key.seal("a", VALUE);

    assertThatThrownBy(() -> key.open("b", sealed)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> DeliveryKey.ofRegion(MASTER, "us-east").open("a", sealed))
        .isInstanceOf(IllegalArgumentException.class);
    for (int bit = 0; bit < sealed.length * 8; bit++) {
      byte[] changed = sealed.clone();
      changed[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThatThrownBy(() -> key.open("a", changed))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("sk-");
    }
    assertThatThrownBy(() -> key.open("a", new byte[3]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void isTheSameKeyAfterTheJourney() {
    assertThat(new DeliveryKey(key.encoded()).open("a", key.seal("a", VALUE))).isEqualTo(VALUE);
  }
}
