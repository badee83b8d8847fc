package dev.penstock.kernel.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Numbers by which states know people. Each is told by its picture and its check digits; where
 * there are none or they let too much pass, a number in one piece counts only behind a word that
 * says what it is.
 */
final class NationalIds {

  private final PiiEntity entity;
  private final Predicate<String> check;
  private final List<FormScan.Kind> kinds = new ArrayList<>();

  private NationalIds(PiiEntity entity, Predicate<String> check) {
    this.entity = entity;
    this.check = check;
  }

  /** Social Security number: area, group and serial (SSA, POMS RM 10201.030); no check digit. */
  static TextScan usSsn() {
    return new NationalIds(PiiEntity.US_SSN, NationalIds::isSsn)
        .form("ddd_dd_dddd")
        .near("ddddddddd", "ssn", "social security number", "social security no")
        .scan();
  }

  /** National Insurance number (HMRC, NIM39110); no check digit. */
  static TextScan gbNino() {
    String prefix = "[ABCEGHJKLMNOPRSTWXYZ][ABCEGHJKLMNPRSTWXYZ]";
    Set<String> unused = Set.of("BG", "GB", "KN", "NK", "NT", "TN", "ZZ");
    return new NationalIds(PiiEntity.GB_NINO, nino -> !unused.contains(nino.substring(0, 2)))
        .form(prefix + "dddddd[A-D]")
        .form(prefix + "_dddddd_[A-D]")
        .form(prefix + "_dd_dd_dd_[A-D]")
        .scan();
  }

  /** Tax identification number (Abgabenordnung, section 139b; ISO/IEC 7064, MOD 11,10). */
  static TextScan deSteuerId() {
    return new NationalIds(PiiEntity.DE_STEUER_ID, CheckDigits::isSteuerId)
        .form("[1-9]dddddddddd")
        .form("[1-9]d_ddd_ddd_ddd")
        .scan();
  }

  /** Number of inscription in the register of INSEE, with its key; Corsica has letters. */
  static TextScan frNir() {
    return new NationalIds(PiiEntity.FR_NIR, CheckDigits::isNir)
        .form("[123478]ddddd[0-9AB]dddddddd")
        .form("[123478]ddddd[0-9AB]dddddd_dd")
        .form("[123478]_dd_dd_d[0-9AB]_ddd_ddd_dd")
        .scan();
  }

  /** Documento nacional de identidad, and that of foreigners (NIE); the letter is the check. */
  static TextScan esDni() {
    String letter = "[A-HJ-NP-TV-Z]";
    return new NationalIds(PiiEntity.ES_DNI, CheckDigits::isDni)
        .form("dddddddd" + letter)
        .form("dddddddd_" + letter)
        .form("dd.ddd.ddd" + letter)
        .form("dd.ddd.ddd-" + letter)
        .form("[XYZ]ddddddd" + letter)
        .form("[XYZ]ddddddd_" + letter)
        .form("[XYZ]_ddddddd_" + letter)
        .scan();
  }

  /**
   * Codice fiscale (decree of 23 December 1976); letters stand for digits where two would be the
   * same.
   */
  static TextScan itCodiceFiscale() {
    String digit = "[0-9LMNPQRSTUV]";
    String date = digit.repeat(2) + "[ABCDEHLMPRST]" + digit.repeat(2);
    String place = "l" + digit.repeat(3);
    return new NationalIds(PiiEntity.IT_CODICE_FISCALE, CheckDigits::isCodiceFiscale)
        .form("llllll" + date + place + "l")
        .form("lll_lll_" + date + "_" + place + "l")
        .scan();
  }

  /**
   * Burgerservicenummer (eleven test). One number of nine digits in eleven passes that, so it
   * counts only behind its name.
   */
  static TextScan nlBsn() {
    NationalIds ids = new NationalIds(PiiEntity.NL_BSN, CheckDigits::isBsn);
    for (String picture : List.of("ddddddddd", "ddd_ddd_ddd", "dddd_dd_ddd")) {
      ids.near(picture, "bsn", "burgerservicenummer", "sofinummer", "citizen service number");
    }
    return ids.scan();
  }

  /** Powszechny elektroniczny system ewidencji ludności: a date of birth and a check digit. */
  static TextScan plPesel() {
    return new NationalIds(PiiEntity.PL_PESEL, CheckDigits::isPesel).form("ddddddddddd").scan();
  }

  /**
   * Cadastro de pessoas físicas, with two check digits; in one piece, as which it is like many
   * other numbers, only behind its name.
   */
  static TextScan brCpf() {
    return new NationalIds(PiiEntity.BR_CPF, CheckDigits::isCpf)
        .form("ddd.ddd.ddd-dd")
        .form("ddd_ddd_ddd_dd")
        .near("ddddddddddd", "cpf")
        .scan();
  }

  /** AHV number: a number of the form EAN-13 that begins with Switzerland's 756. */
  static TextScan chAhv() {
    return new NationalIds(PiiEntity.CH_AHV, CheckDigits::isEan)
        .form("756dddddddddd")
        .form("756_dddd_dddd_dd")
        .scan();
  }

  private static boolean isSsn(String number) {
    return !number.startsWith("000")
        && !number.startsWith("666")
        && !number.startsWith("9")
        && !number.startsWith("00", 3)
        && !number.endsWith("0000");
  }

  private NationalIds form(String picture) {
    IdForm form = new IdForm(picture, check);
    StringBuilder firsts = new StringBuilder();
    for (char c = 0; c < 128; c++) {
      if (form.mayBegin(c)) {
        firsts.append(c);
      }
    }
    return add(firsts.toString(), form);
  }

  private NationalIds near(String picture, String... words) {
    IdForm number = new IdForm(picture, check);
    for (String word : words) {
      char first = word.charAt(0);
      add("" + first + Character.toUpperCase(first), new NearForm(word, number));
    }
    return this;
  }

  private NationalIds add(String firsts, Form form) {
    kinds.add(new FormScan.Kind(Rule.of(entity), AsciiSet.of(firsts), form));
    return this;
  }

  private TextScan scan() {
    return new FormScan(kinds);
  }
}
