package dev.penstock.uiapi.signin;

import jakarta.enterprise.context.RequestScoped;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Who is signed in, of the request at hand. */
@RequestScoped
public class SignedIn {

  private @Nullable Person person;

  /**
   * Somebody, and what opens the admin API to them.
   *
   * @param organizations those that the session is about: one, or all of them to choose from
   */
  public record Person(String name, List<String> organizations, String accessToken) {
    public Person {
      Objects.requireNonNull(name, "name");
      organizations = List.copyOf(organizations);
      Objects.requireNonNull(accessToken, "accessToken");
    }

    @Override
    public String toString() {
      return "Person[" + name + "]"; // without the token
    }
  }

  /** Nobody gets to data without. */
  public Person get() {
    return Objects.requireNonNull(person, "a request for data without a person");
  }

  void set(Person person) {
    this.person = person;
  }
}
