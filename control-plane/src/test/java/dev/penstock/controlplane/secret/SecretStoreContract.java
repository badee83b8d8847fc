package dev.penstock.controlplane.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every place that keeps secrets has to do. */
abstract class SecretStoreContract {

  /** The place, which starts empty. */
  abstract SecretStore store();

  /** Runs in a transaction of its own, where the place has such a thing. */
  abstract void atOnce(Runnable task);

  @Test
  void keepsWhatItGets() {
    atOnce(() -> store().add(secret("openai", 1, "sk-1", "us-east", "eu-west")));

    assertThat(texts()).containsExactly("acme/openai/1 [eu-west, us-east] sk-1");
  }

  @Test
  void showsTheNewestVersion() {
    atOnce(() -> {
      store().add(secret("openai", 1, "sk-1", "eu-west"));
      store().add(secret("openai", 2, "sk-2", "us-east"));
      store().add(secret("other", 1, "sk-other", "eu-west"));
    });

    assertThat(texts())
        .containsExactlyInAnyOrder(
            "acme/openai/2 [us-east] sk-2", "acme/other/1 [eu-west] sk-other");
  }

  @Test
  void neverChangesAVersion() {
    atOnce(() -> store().add(secret("openai", 1, "sk-1", "eu-west")));
    atOnce(() -> store().add(secret("openai", 1, "sk-other", "us-east")));

    assertThat(texts()).containsExactly("acme/openai/1 [eu-west] sk-1");
  }

  @Test
  void keepsNamesakesOfTwoTenantsApart() {
    atOnce(() -> {
      store().add(secret("openai", 1, "sk-1", "eu-west"));
      store().add(new Secret("labs", "openai", 1, List.of("eu-west"), SecretValue.of("sk-labs")));
    });
    atOnce(() -> store().remove("labs", "openai"));

    assertThat(texts()).containsExactly("acme/openai/1 [eu-west] sk-1");
  }

  @Test
  void forgetsEveryVersionAndDoesNotMindDoingSoTwice() {
    atOnce(() -> {
      store().add(secret("openai", 1, "sk-1", "eu-west"));
      store().add(secret("openai", 2, "sk-2", "eu-west"));
    });
    atOnce(() -> store().remove("acme", "openai"));
    atOnce(() -> store().remove("acme", "openai"));

    assertThat(texts()).isEmpty();
  }

  @Test
  void keepsEveryByte() {
    byte[] bytes = new byte[256];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    atOnce(() ->
        store().add(new Secret("acme", "raw", 1, List.of("eu-west"), new SecretValue(bytes))));

    assertThat(store().newest().getFirst().value().bytes()).isEqualTo(bytes);
    assertThat(store().newest().toString()).contains("(secret)");
  }

  private List<String> texts() {
    return store().newest().stream()
        .map(secret ->
            "%s/%s/%d %s %s"
                .formatted(
                    secret.tenant(),
                    secret.name(),
                    secret.version(),
                    secret.regions(),
                    new String(secret.value().bytes(), StandardCharsets.UTF_8)))
        .toList();
  }

  private static Secret secret(String name, int version, String value, String... regions) {
    return new Secret("acme", name, version, List.of(regions), SecretValue.of(value));
  }
}
