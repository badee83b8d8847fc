package dev.penstock.dataplane.dialect;

import dev.penstock.kernel.money.Tokens;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks at answers that cost nothing, such as a count of tokens: whatever they hold, nothing was
 * used.
 *
 * @param errors knows an error of the dialect, and what its data look like
 */
public record FreeScan(StreamScan errors) implements StreamScan {

  @Override
  public void scan(byte[] bytes, int from, int to) {
    errors.scan(bytes, from, to);
  }

  @Override
  public void scanWhole(byte[] bytes, int from, int to) {
    errors.scanWhole(bytes, from, to);
  }

  @Override
  public boolean wellFormed() {
    return errors.wellFormed();
  }

  @Override
  public boolean content() {
    return false;
  }

  @Override
  public int contentAt() {
    return -1;
  }

  @Override
  public boolean finish() {
    return false;
  }

  @Override
  public boolean terminal() {
    return false;
  }

  @Override
  public boolean error() {
    return errors.error();
  }

  @Override
  public boolean usage() {
    return true;
  }

  @Override
  public Optional<Tokens> tokens(byte[] bytes, @Nullable Tokens before) {
    return Optional.of(Tokens.NONE);
  }
}
