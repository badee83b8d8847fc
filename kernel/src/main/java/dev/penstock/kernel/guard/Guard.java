package dev.penstock.kernel.guard;

import dev.penstock.kernel.address.BaseUrl;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A guard, ready to search. Two are equal if they state the same. Immutable, for any thread; it
 * holds what a company does not want to be said, so {@link #toString} shows none of it.
 */
public final class Guard {

  private final String tenant;
  private final String name;
  private final Set<Side> on;
  private final Unscannable unscannable;
  private final List<Detector> detectors;
  private final List<List<TextScan>> scans; // by detector

  /**
   * @param tenant whose guard it is
   * @param on where it looks; never empty
   * @throws BadDetector if it looks nowhere or a detector cannot be run
   */
  public Guard(
      String tenant, String name, Set<Side> on, Unscannable unscannable, List<Detector> detectors) {
    this.tenant = Objects.requireNonNull(tenant, "tenant");
    this.name = Objects.requireNonNull(name, "name");
    if (on.isEmpty()) {
      throw new BadDetector("on", "expected some of " + Side.words());
    }
    this.on = Collections.unmodifiableSet(EnumSet.copyOf(on));
    this.unscannable = Objects.requireNonNull(unscannable, "unscannable");
    this.detectors = List.copyOf(detectors);
    if (detectors.isEmpty() || detectors.size() > GuardLimits.MAX_DETECTORS) {
      throw new BadDetector(
          "detectors", "expected 1 to " + GuardLimits.MAX_DETECTORS + " detectors");
    }
    checkExternal(this.on, this.detectors);
    List<List<TextScan>> compiled = new ArrayList<>();
    for (Detector detector : this.detectors) {
      try {
        compiled.add(compile(detector));
      } catch (BadDetector bad) {
        throw bad.in("detectors[" + compiled.size() + "]");
      }
    }
    scans = List.copyOf(compiled);
  }

  /** A guard that lets pass what nobody can search, with a note in the record. */
  public Guard(String tenant, String name, Set<Side> on, List<Detector> detectors) {
    this(tenant, name, on, Unscannable.FLAG, detectors);
  }

  /**
   * Proves that a detector can be run.
   *
   * @throws BadDetector that says why it cannot
   */
  public static void check(Detector detector) {
    compile(detector);
  }

  /**
   * Proves that a guard with such detectors may look there: one that asks an external guard cannot
   * look at answers, and asks few of them.
   *
   * @throws BadDetector that says why it may not
   */
  public static void checkExternal(Set<Side> on, List<Detector> detectors) {
    long external = detectors.stream().filter(Detector.Http.class::isInstance).count();
    if (external > 0 && on.contains(Side.OUTPUT)) {
      throw new BadDetector(
          "on",
          "expected [input]: an http detector cannot be asked about an answer token by token; put it into a guard of its own");
    }
    if (external > GuardLimits.MAX_EXTERNAL) {
      throw new BadDetector(
          "detectors",
          "expected at most %d of type http; leave some out".formatted(GuardLimits.MAX_EXTERNAL));
    }
  }

  private static List<TextScan> compile(Detector detector) {
    List<TextScan> scans = new ArrayList<>(scansOf(detector));
    if (!scans.isEmpty()) {
      scans.add(new Base64Scan(scans));
    }
    return List.copyOf(scans);
  }

  private static List<TextScan> scansOf(Detector detector) {
    return switch (detector) {
      case Detector.Pii pii -> pii(pii);
      case Detector.Secrets secrets -> List.of(SecretScan.create());
      case Detector.Terms terms -> terms(terms);
      case Detector.Matching matching -> List.of(PatternScan.of(matching.pattern()));
      case Detector.Injection injection -> List.of(InjectionScan.create());
      case Detector.Size size -> size(size);
      case Detector.Http http -> http(http);
    };
  }

  /** Whoever is asked searches; nothing here does. */
  private static List<TextScan> http(Detector.Http http) {
    if (http.url().length() > GuardLimits.MAX_URL_LENGTH || !BaseUrl.isOne(http.url())) {
      throw new BadDetector(
          "url",
          "%s, of at most %d characters".formatted(BaseUrl.EXPECTED, GuardLimits.MAX_URL_LENGTH));
    }
    if (http.timeout().compareTo(GuardLimits.MIN_TIMEOUT) < 0
        || http.timeout().compareTo(GuardLimits.MAX_TIMEOUT) > 0) {
      throw new BadDetector(
          "timeout",
          "expected %d to %d ms"
              .formatted(GuardLimits.MIN_TIMEOUT.toMillis(), GuardLimits.MAX_TIMEOUT.toMillis()));
    }
    if (http.maxConcurrent() < 1 || http.maxConcurrent() > GuardLimits.MAX_CONCURRENT) {
      throw new BadDetector("maxConcurrent", "expected 1 to " + GuardLimits.MAX_CONCURRENT);
    }
    if (http.action() == Action.REDACT) {
      throw new BadDetector(
          "action", "expected block or flag: an external guard gives a verdict and no places");
    }
    return List.of();
  }

  /** How long a text is, no search has to tell. */
  private static List<TextScan> size(Detector.Size size) {
    if (size.maxCharacters() < 1 || size.maxCharacters() > GuardLimits.MAX_SIZE) {
      throw new BadDetector("maxCharacters", "expected 1 to " + GuardLimits.MAX_SIZE);
    }
    if (size.action() == Action.REDACT) {
      throw new BadDetector(
          "action", "expected block or flag: what is too long cannot be taken out");
    }
    return List.of();
  }

  private static List<TextScan> pii(Detector.Pii pii) {
    if (pii.entities().isEmpty()) {
      throw new BadDetector("entities", "expected at least one");
    }
    return pii.entities().stream().distinct().map(Guard::scanOf).toList();
  }

  private static TextScan scanOf(PiiEntity entity) {
    return switch (entity) {
      case EMAIL -> new EmailScan();
      case PHONE -> new PhoneScan();
      case IBAN -> new IbanScan();
      case CREDIT_CARD -> new CardScan();
      case US_SSN -> NationalIds.usSsn();
      case GB_NINO -> NationalIds.gbNino();
      case DE_STEUER_ID -> NationalIds.deSteuerId();
      case FR_NIR -> NationalIds.frNir();
      case ES_DNI -> NationalIds.esDni();
      case IT_CODICE_FISCALE -> NationalIds.itCodiceFiscale();
      case NL_BSN -> NationalIds.nlBsn();
      case PL_PESEL -> NationalIds.plPesel();
      case BR_CPF -> NationalIds.brCpf();
      case CH_AHV -> NationalIds.chAhv();
    };
  }

  private static List<TextScan> terms(Detector.Terms stated) {
    List<String> terms = stated.terms();
    if (terms.isEmpty() || terms.size() > GuardLimits.MAX_TERMS) {
      throw new BadDetector("terms", "expected 1 to " + GuardLimits.MAX_TERMS + " terms");
    }
    for (int i = 0; i < terms.size(); i++) {
      if (terms.get(i).length() > GuardLimits.MAX_TERM_LENGTH || TermScan.isEmpty(terms.get(i))) {
        throw new BadDetector(
            "terms[" + i + "]",
            "expected 1 to %d characters that can be seen".formatted(GuardLimits.MAX_TERM_LENGTH));
      }
    }
    return List.of(TermScan.of(terms), TermScan.byLooks(terms));
  }

  public String tenant() {
    return tenant;
  }

  public String name() {
    return name;
  }

  /** Where it looks, in the order of {@link Side}. */
  public Set<Side> on() {
    return on;
  }

  /** Where a node searches for it: nowhere, if it does nothing but ask an external guard. */
  public Set<Side> searched() {
    return searched(on, detectors);
  }

  /** Where a guard with such detectors has texts searched by the node itself. */
  public static Set<Side> searched(Set<Side> on, List<Detector> detectors) {
    return detectors.stream().allMatch(Detector.Http.class::isInstance) ? Set.of() : on;
  }

  public Unscannable unscannable() {
    return unscannable;
  }

  public List<Detector> detectors() {
    return detectors;
  }

  /** Characters in all its terms, patterns and URLs. */
  public int length() {
    return detectors.stream().mapToInt(Detector::length).sum();
  }

  /** Hears of what detectors find. */
  public interface Listener {

    /** {@code start} to {@code end} (exclusive) in the text that was given. */
    void found(int detector, Rule rule, int start, int end);
  }

  /**
   * Searches a text with each detector in turn, all of them in the text as it is.
   *
   * @throws ScanBudget.Exceeded if it would take too long
   */
  public void search(SearchText text, ScanBudget budget, Listener listener) {
    NormalText normal = text.normal();
    for (int i = 0; i < scans.size(); i++) {
      int detector = i;
      Found told =
          normal.toOriginal((rule, start, end) -> listener.found(detector, rule, start, end));
      if (detectors.get(i) instanceof Detector.Size size && normal.read() > size.maxCharacters()) {
        listener.found(i, Rule.ofSize(), size.maxCharacters(), size.maxCharacters() + 1);
      }
      for (TextScan scan : scans.get(i)) {
        scan.scan(normal.text(), 0, true, budget, told);
      }
    }
  }

  /**
   * One of its detectors, to watch texts while they grow.
   *
   * @param holding whether text has to wait while the detector cannot decide on it
   */
  public List<Watch> watches(int detector, boolean holding) {
    if (detectors.get(detector) instanceof Detector.Size size) {
      return List.of(Watch.ofSize(size.maxCharacters()));
    }
    return scans.get(detector).stream().map(scan -> new Watch(scan, holding)).toList();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Guard guard
        && tenant.equals(guard.tenant)
        && name.equals(guard.name)
        && on.equals(guard.on)
        && unscannable == guard.unscannable
        && detectors.equals(guard.detectors);
  }

  @Override
  public int hashCode() {
    return Objects.hash(tenant, name, on, unscannable, detectors);
  }

  @Override
  public String toString() {
    return "Guard[" + tenant + "/" + name + ", " + on + ", " + types() + "]";
  }

  private List<String> types() {
    return detectors.stream().map(Detector::type).toList();
  }
}
