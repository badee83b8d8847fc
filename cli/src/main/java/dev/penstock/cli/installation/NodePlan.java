package dev.penstock.cli.installation;

import dev.penstock.cli.CommandFailure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** How many data-plane nodes run in which region, in the order in which they were named. */
public record NodePlan(Map<String, Integer> regions) {
  private static final Pattern REGION = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final Pattern COUNT = Pattern.compile("[0-9]|[1-3][0-9]");

  public NodePlan {
    regions = Collections.unmodifiableMap(new LinkedHashMap<>(regions));
  }

  public static NodePlan oneInEachOfTwoRegions() {
    return parse("eu-west=1,us-east=1");
  }

  /** From {@code eu-west=2,us-east=1}. */
  public static NodePlan parse(String text) {
    Map<String, Integer> regions = new LinkedHashMap<>();
    for (String item : text.split(",", -1)) {
      int equals = item.indexOf('=');
      String region = equals < 0 ? "" : item.substring(0, equals).strip();
      String count = item.substring(equals + 1).strip();
      if (!REGION.matcher(region).matches() || !COUNT.matcher(count).matches()) {
        throw wrong(text);
      }
      if (regions.put(region, Integer.parseInt(count)) != null) {
        throw wrong(text);
      }
    }
    return new NodePlan(regions);
  }

  /** The first node of every region, then the second ones, and so on: the order of their ports. */
  public List<NodeName> nodes() {
    List<NodeName> nodes = new ArrayList<>();
    int most = regions.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    for (int number = 1; number <= most; number++) {
      for (Map.Entry<String, Integer> region : regions.entrySet()) {
        if (number <= region.getValue()) {
          nodes.add(new NodeName(region.getKey(), number));
        }
      }
    }
    return List.copyOf(nodes);
  }

  private static CommandFailure wrong(String text) {
    return CommandFailure.usage(
        "--nodes: %s (expected: each region once with 0 to 39 nodes, like eu-west=2,us-east=1)"
            .formatted(text));
  }
}
