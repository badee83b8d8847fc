package dev.penstock.kernel.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NationalIdsTest {

  private static final List<TextScan> ALL =
      List.of(
          NationalIds.usSsn(),
          NationalIds.gbNino(),
          NationalIds.deSteuerId(),
          NationalIds.frNir(),
          NationalIds.esDni(),
          NationalIds.itCodiceFiscale(),
          NationalIds.nlBsn(),
          NationalIds.plPesel(),
          NationalIds.brCpf(),
          NationalIds.chAhv());

  private static List<String> found(String text) {
    List<String> found = new ArrayList<>();
    ALL.forEach(scan -> found.addAll(CutTexts.whole(scan, text)));
    return found;
  }

  /** The numbers are those by which the issuers and their documentation show the form. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          my 219-09-9999.                          | us-ssn: 219-09-9999
          SSN (last year): 219099999               | us-ssn: 219099999
          219 09 9999                              | us-ssn: 219 09 9999
          219099999, 219-09.9999, 666-12-1234      |
          000-12-1234, 900-12-1234, 219-00-1234    |
          ni: AB123456C                            | gb-nino: AB123456C
          ab 12 34 56 c                            | gb-nino: ab 12 34 56 c
          BG123456C, QQ123456C, AB123456E          |
          IdNr. 86095742719                        | de-steuer-id: 86095742719
          47 036 892 816                           | de-steuer-id: 47 036 892 816
          65929970489                              | de-steuer-id: 65929970489
          86095742718, 12345678901, 11111111111    |
          2 55 08 14 168 025 38                    | fr-nir: 2 55 08 14 168 025 38
          255081416802538                          | fr-nir: 255081416802538
          2550814168025 38                         | fr-nir: 2550814168025 38
          255081416802539, 255131416802538         |
          DNI 12345678Z                            | es-dni: 12345678Z
          12.345.678-z                             | es-dni: 12.345.678-z
          NIE X-1234567-L                          | es-dni: X-1234567-L
          12345678A, X1234567A, 123456789Z         |
          RSSMRA85T10A562S                         | it-codice-fiscale: RSSMRA85T10A562S
          rss mra 85t10 a562s                      | it-codice-fiscale: rss mra 85t10 a562s
          RSSMRA85T10A562T                         |
          BSN: 111222333                           | nl-bsn: 111222333
          het burgerservicenummer van Jan is 1112.22.333 | nl-bsn: 1112.22.333
          111222333, BSN 111222334, BSNx 111222333 |
          PESEL 44051401359                        | pl-pesel: 44051401359
          44051401358                              |
          529.982.247-25                           | br-cpf: 529.982.247-25
          CPF nº 52998224725                       | br-cpf: 52998224725
          529.982.247-26, 111.111.111-11           |
          AHV 756.9217.0769.85                     | ch-ahv: 756.9217.0769.85
          7569217076985                            | ch-ahv: 7569217076985
          756.9217.0769.84                         |
          """)
  void findsNumbersWhoseCheckHolds(String text, String found) {
    assertThat(found(text)).isEqualTo(found == null ? List.of() : List.of(found));
    ALL.forEach(scan -> CutTexts.assertCutsChangeNothing(scan, List.of(text)));
  }

  @ParameterizedTest
  @CsvSource({
    "'in 2024 ', 0",
    "'on 2024 ', 0",
    "'call 1234', 4",
    "'call 123456789012345678', 0",
    "'RSSMRA85', 8",
    "'hello', 5",
    "'hello ', 0",
    "'the BSN', 7",
    "'the BSN is the number that is asked for it. ', 0",
    "'219-09-9999', 11",
    "'219-09-9999 ', 0",
  })
  void onlyWhatCanStillBeOneWaits(String text, int waiting) {
    assertThat(ALL.stream().mapToInt(scan -> CutTexts.waiting(scan, text)).max()).hasValue(waiting);
  }

  @Provide
  Arbitrary<List<String>> pieces() {
    return Arbitraries.of(
            " ",
            "-",
            ".",
            "a",
            "0",
            "9",
            "BSN",
            "ssn ",
            "CPF: ",
            "219",
            "-09",
            "-9999",
            "219099999",
            "111222333",
            "AB",
            "123456",
            "C",
            "12 34 56",
            " c",
            "86095742719",
            "47 036 ",
            "892 816",
            "2 55 08 14 168 025 38",
            "2550814168025",
            "38",
            "12345678",
            "Z",
            "X1234567",
            "L",
            "RSSMRA",
            "85T10",
            "A562S",
            "44051401359",
            "529.982",
            ".247-25",
            "52998224725",
            "756.9217",
            ".0769.85",
            "7569217076985",
            "é",
            "\n")
        .list()
        .ofMinSize(1)
        .ofMaxSize(10);
  }

  @Property(tries = 3_000)
  void howATextIsCutChangesNothing(@ForAll("pieces") List<String> pieces) {
    ALL.forEach(scan -> CutTexts.assertCutsChangeNothing(scan, pieces));
  }
}
