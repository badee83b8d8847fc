package dev.penstock.uiapi.kit;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The provider and the admin API of a console under test. */
public final class Surroundings implements QuarkusTestResourceLifecycleManager {

  private static @Nullable TestAdmin admin;

  private final TestProvider provider = new TestProvider();

  @Override
  public Map<String, String> start() {
    admin = new TestAdmin();
    return Map.of(
        "penstock.admin-url", admin.url(),
        "penstock.oidc.issuer", provider.issuer(),
        "penstock.oidc.client-secret", TestProvider.SECRET);
  }

  @Override
  public void inject(TestInjector injector) {
    injector.injectIntoFields(
        Objects.requireNonNull(admin), new TestInjector.MatchesType(TestAdmin.class));
  }

  @Override
  public void stop() {
    Objects.requireNonNull(admin).close();
    provider.close();
  }
}
