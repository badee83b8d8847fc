package dev.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ChartLintTest {

  @ParameterizedTest
  @MethodSource("dev.penstock.helm.Chart#variants")
  void passesStrictLint(Path variant, @TempDir Path scratch) throws IOException {
    // When
    LintResult result = Chart.lint(variant, scratch);

    // Then
    assertThat(result.isFailed()).as(result.getMessages().toString()).isFalse();
    assertThat(result.getMessages()).noneMatch(it -> it.contains("[WARNING]"));
  }
}
