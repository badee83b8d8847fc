package dev.penstock.dataplane.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What is said of translation in the documents is what the code does. */
class TranslationPageTest {

  private static final Path CHECKED_IN = Path.of("../docs/translation.md");

  /** With {@code -Dtranslation=write} it is written instead. */
  @Test
  void isTheOneThatIsCheckedIn() throws IOException {
    String made = TranslationPage.made();
    if ("write".equals(System.getProperty("translation"))) {
      Files.writeString(CHECKED_IN, made);
    }

    assertThat(Files.readString(CHECKED_IN))
        .as("docs/translation.md is not of this code: run the test with -Dtranslation=write")
        .isEqualTo(made);
  }
}
