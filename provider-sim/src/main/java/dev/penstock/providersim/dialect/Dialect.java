package dev.penstock.providersim.dialect;

import dev.penstock.providersim.invoice.Prices;
import dev.penstock.providersim.refuse.Rejection;
import dev.penstock.providersim.script.Step;
import java.util.List;

/** One path of a provider that plays scripts: what it takes, and how it answers. */
public interface Dialect {
  Provider provider();

  /** Reads a request as strictly as the provider does. */
  Asked read(Head head, byte[] body) throws Rejection;

  /** Which steps of a script mean something here. */
  default List<Step> plays(List<Step> steps) {
    return steps;
  }

  /** What is charged here where a model costs this. */
  default Prices charges(Prices prices) {
    return prices;
  }
}
