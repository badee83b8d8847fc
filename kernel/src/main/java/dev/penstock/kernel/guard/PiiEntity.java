package dev.penstock.kernel.guard;

import java.util.Arrays;
import java.util.Optional;

/** Personal data that has a form by which it is known; a manifest writes {@link #word}. */
public enum PiiEntity {
  EMAIL("email"),
  PHONE("phone"),
  IBAN("iban"),
  CREDIT_CARD("credit-card"),
  US_SSN("us-ssn"),
  GB_NINO("gb-nino"),
  DE_STEUER_ID("de-steuer-id"),
  FR_NIR("fr-nir"),
  ES_DNI("es-dni"),
  IT_CODICE_FISCALE("it-codice-fiscale"),
  NL_BSN("nl-bsn"),
  PL_PESEL("pl-pesel"),
  BR_CPF("br-cpf"),
  CH_AHV("ch-ahv");

  private final String word;

  PiiEntity(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }

  public static Optional<PiiEntity> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word.equals(word)).findFirst();
  }
}
