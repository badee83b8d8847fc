package dev.penstock.dataplane.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CursorFileTest {

  @TempDir Path folder;
  private Path path;

  @BeforeEach
  void name() {
    path = folder.resolve("cursor");
  }

  @Test
  void saysNothingBeforeItIsWritten() throws IOException {
    assertThat(CursorFile.read(path)).isEmpty();

    CursorFile.open(path).close();

    assertThat(CursorFile.read(path)).isEmpty();
  }

  @Test
  void saysWhatWasWrittenLast() throws IOException {
    for (int i = 1; i <= 5; i++) {
      write(new Cursor(i, 10 + i));

      assertThat(CursorFile.read(path)).contains(new Cursor(i, 10 + i));
    }
    write(new Cursor(6, 15), new Cursor(7, 15));

    assertThat(CursorFile.read(path)).contains(new Cursor(7, 15));
  }

  @Test
  void fallsBackToTheOneBeforeWhicheverByteIsLost() throws IOException {
    write(new Cursor(1, 2), new Cursor(3, 4));
    byte[] whole = Files.readAllBytes(path);

    for (int i = 0; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 1;
      Files.write(path, damaged);

      assertThat(CursorFile.read(path))
          .as("byte %d", i)
          .hasValueSatisfying(
              cursor -> assertThat(cursor).isIn(new Cursor(1, 2), new Cursor(3, 4)));
    }
  }

  @Test
  void neverThrowsOnATruncatedFile() throws IOException {
    write(new Cursor(1, 2), new Cursor(3, 4));
    byte[] whole = Files.readAllBytes(path);

    for (int length = 0; length < whole.length; length++) {
      Files.write(path, Arrays.copyOf(whole, length));

      assertThat(CursorFile.read(path).map(Cursor::sent).orElse(0L)).isIn(0L, 2L, 4L);
    }
  }

  @Test
  void goesOnAfterTheNewestWhenOpenedAgain() throws IOException {
    write(new Cursor(1, 1), new Cursor(2, 2), new Cursor(3, 3));
    byte[] before = Files.readAllBytes(path);

    write(new Cursor(4, 4));

    assertThat(Arrays.mismatch(before, Files.readAllBytes(path)))
        .as("the place of 2 is overwritten, that of 3 is not")
        .isGreaterThanOrEqualTo(4096);
    assertThat(CursorFile.read(path)).contains(new Cursor(4, 4));
  }

  private void write(Cursor... cursors) throws IOException {
    try (CursorFile file = CursorFile.open(path)) {
      for (Cursor cursor : cursors) {
        file.write(cursor);
      }
    }
  }
}
