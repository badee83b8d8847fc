package dev.penstock.kernel.guard;

import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The same is found however a text is cut, whatever stands between the characters of a form. */
class GrowingFormsTest {

  private static final Guard GUARD =
      new Guard(
          "acme",
          "all",
          Set.of(Side.OUTPUT),
          List.of(
              new Detector.Pii(List.of(PiiEntity.values()), Action.REDACT),
              new Detector.Secrets(Action.REDACT),
              new Detector.Terms(List.of("falcon", "café x"), Action.REDACT),
              new Detector.Injection(Action.FLAG)));

  @Provide
  Arbitrary<List<String>> pieces() {
    return Arbitraries.of(
            "\u0301",
            "\u200b",
            "&#",
            "&#101",
            ";",
            "\\u0065",
            "\\",
            "\\n",
            "\"",
            "é",
            "e",
            "=",
            "-",
            "_",
            ".",
            " ",
            "a",
            "0",
            "+",
            "AKIA",
            "IOSFODNN7EXAMPLE",
            "ghp_",
            "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ",
            "0mLq17",
            "SK",
            "0123456789abcdef0123456789abcdef",
            "sk-ant-",
            "AccountKey=",
            "-----BEGIN PRIVATE KEY-----",
            "-----END ",
            "-----",
            "eyJ",
            "eyJhbGciOiJIUzI1NiJ9",
            ".eyJzdWIiOiIxMjM0NTY3ODkwIn0",
            ".dozjgNryP4J3jVmNHl0w5N",
            "219-09",
            "-9999",
            "SSN ",
            "219099999",
            "12345678",
            "Z",
            "X1234567L",
            "AB123456C",
            "ignore",
            " all previous",
            " instructions",
            "you",
            "'re now",
            " DAN",
            "[INST]",
            "<|im_",
            "start|>",
            "fаl",
            "con",
            "falcon",
            "cafe",
            "café",
            "x",
            "Ym9iQGFjbWUu",
            "ZXhhbXBsZQ",
            "==")
        .list()
        .ofMinSize(1)
        .ofMaxSize(12);
  }

  @Property(tries = 4_000)
  void howATextIsCutChangesNothing(@ForAll("pieces") List<String> pieces) {
    for (TextForm form : TextForm.values()) {
      CutTexts.assertCutsChangeNothing(GUARD, form, pieces);
    }
  }
}
