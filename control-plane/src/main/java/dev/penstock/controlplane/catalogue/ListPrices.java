package dev.penstock.controlplane.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.penstock.controlplane.manifest.Findings;
import dev.penstock.controlplane.manifest.Spec;
import dev.penstock.kernel.money.Price;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What providers charge by their own price lists, as this build ships them: with the page that they
 * come from and the day on which they were read. A deployment is charged by them where neither it
 * nor its model states a price and its provider is at the list's own host.
 */
public final class ListPrices {

  private static final String FILE = "/list-prices.yaml";
  private static final Pattern DATE = Pattern.compile("-(\\d{8}|\\d{4}-\\d{2}-\\d{2})$");

  /**
   * Prices of one model of one provider.
   *
   * @param names under which the provider knows the model; also with a date behind them
   * @param source the page that says so
   */
  public record Listed(
      String host, String source, LocalDate asOf, List<String> names, List<Price> prices) {
    public Listed {
      names = List.copyOf(names);
      prices = List.copyOf(prices);
    }
  }

  private static final List<Listed> ALL = read();

  private ListPrices() {}

  /** The whole list. */
  public static List<Listed> all() {
    return ALL;
  }

  /** Prices of a model at an address; none where the list does not know it. */
  public static List<Price> at(String baseUrl, String upstreamModel) {
    String host = Objects.requireNonNullElse(URI.create(baseUrl).getHost(), "");
    return find(host, upstreamModel)
        .or(() -> find(host, DATE.matcher(upstreamModel).replaceFirst("")))
        .map(Listed::prices)
        .orElse(List.of());
  }

  private static Optional<Listed> find(String host, String name) {
    return ALL.stream()
        .filter(each -> each.host().equals(host.toLowerCase(Locale.ROOT)))
        .filter(each -> each.names().contains(name))
        .findFirst();
  }

  private static List<Listed> read() {
    try (InputStream file = Objects.requireNonNull(ListPrices.class.getResourceAsStream(FILE))) {
      JsonNode root = new YAMLMapper().readTree(file);
      LocalDate asOf = LocalDate.parse(root.path("asOf").asText());
      List<Listed> all = new ArrayList<>();
      for (JsonNode provider : root.path("providers")) {
        for (JsonNode model : provider.path("models")) {
          all.add(
              listed(
                  provider.path("host").asText(), provider.path("source").asText(), asOf, model));
        }
      }
      return List.copyOf(all);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(FILE + " cannot be read", unreadable);
    }
  }

  private static Listed listed(String host, String source, LocalDate asOf, JsonNode model) {
    Findings findings = new Findings();
    Spec spec = Spec.of((ObjectNode) model, findings);
    List<String> names = spec.freeTexts("names").orElse(List.of());
    List<Price> prices = PriceSpec.read(spec);
    spec.end();
    if (!findings.isEmpty() || names.isEmpty() || prices.isEmpty()) {
      throw new IllegalStateException("%s: %s: %s".formatted(FILE, names, findings.all()));
    }
    return new Listed(host, source, asOf, names, prices);
  }
}
