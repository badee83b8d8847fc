package dev.penstock.kernel.rollout;

/**
 * What became of requests.
 *
 * @param requests how many there were
 * @param denied how many of them policy denied
 * @param failed how many of them failed, or were answered with a status of 500 or above
 */
public record Traffic(long requests, long denied, long failed) {

  public static final Traffic NONE = new Traffic(0, 0, 0);

  public Traffic {
    if (denied < 0 || failed < 0 || denied > requests || failed > requests) {
      throw new IllegalArgumentException(
          "denied %d, failed %d (expected: 0 to %d)".formatted(denied, failed, requests));
    }
  }
}
