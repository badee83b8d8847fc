package dev.penstock.dataplane.enrolment;

import dev.penstock.dataplane.config.CertificateSource.Enrolled;
import dev.penstock.dataplane.config.NodeConfig;
import dev.penstock.dataplane.config.NodeConfig.HostPort;
import dev.penstock.dataplane.disk.PrivateFiles;
import dev.penstock.dataplane.enrolment.EnrolmentLine.Answer;
import dev.penstock.dataplane.enrolment.EnrolmentLine.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets the node its certificate and the next one at half of its life, each for a new key.
 *
 * <p>One thread owns everything in here; others read what is current. A certificate on the disk is
 * used while it is good; a token is used where there is none, where it is over, or where the
 * control plane no longer believes it, and no token is tried twice once it was refused.
 */
public final class Enrolment implements Identity, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Enrolment.class);

  private static final String FILE = "identity.pem";
  private static final int MAX_FILE_BYTES = 64 * 1024;
  private static final int MAX_TOKEN_BYTES = 16 * 1024;

  /** Nodes that were enrolled together do not all come back at the same moment. */
  private static final double RENEW_FROM = 0.45;

  private static final double RENEW_UNTIL = 0.55;

  /** A token may be put there any moment, and the node is of no use before. */
  private static final Duration LOOK = Duration.ofMillis(100);

  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final Duration FIRST_BACKOFF = Duration.ofMillis(500);

  private final NodeConfig config;
  private final Enrolled source;
  private final EnrolmentLine line;
  private final InstantSource clock;
  private final Path file;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("enrolment").daemon().factory());

  private volatile @Nullable Credentials current;
  private volatile boolean distrusted;
  private volatile Runnable changed = () -> {};
  private @Nullable KeyPair nextKeys;
  private Instant renewAt = Instant.MAX;
  private Duration backoff = FIRST_BACKOFF;
  private String refusedProof = "";
  private String lastComplaint = "";
  private int attempts;
  private boolean prepared;

  private Enrolment(NodeConfig config, Enrolled source, EnrolmentLine line, InstantSource clock) {
    this.config = config;
    this.source = source;
    this.line = line;
    this.clock = clock;
    file = config.dataDir().resolve(FILE);
  }

  /** Takes up what is on the disk, and goes on from there. */
  public static Enrolment start(
      NodeConfig config, Enrolled source, EnrolmentLine line, InstantSource clock) {
    Enrolment enrolment = new Enrolment(config, source, line, clock);
    enrolment.load();
    enrolment.thread.execute(enrolment::run);
    return enrolment;
  }

  private void load() {
    Optional<Credentials> found =
        PrivateFiles.read(file, MAX_FILE_BYTES)
            .flatMap(bytes -> Credentials.read(bytes, config.spiffeId()))
            .filter(credentials -> credentials.expiresAt().isAfter(clock.instant()));
    found.ifPresent(this::use);
    if (found.isEmpty() && Files.exists(file)) {
      LOG.warn("enrolment: the certificate on the disk has expired or is not this node's");
    }
  }

  /** Whether there is a certificate already, so that no proof is needed to start. */
  public static boolean isKnown(NodeConfig config) {
    return Files.exists(config.dataDir().resolve(FILE));
  }

  /** Told after every new certificate; one listener. */
  public void onChanged(Runnable listener) {
    changed = listener;
  }

  @Override
  public Optional<Pem> current() {
    return good().map(Credentials::pem);
  }

  @Override
  public Optional<Instant> expiresAt() {
    return Optional.ofNullable(current).map(Credentials::expiresAt);
  }

  @Override
  public void onDistrusted() {
    distrusted = true;
  }

  private Optional<Credentials> good() {
    return Optional.ofNullable(current)
        .filter(credentials -> credentials.expiresAt().isAfter(clock.instant()));
  }

  private void run() {
    Duration pause = LONGEST_PAUSE;
    try {
      pause = step();
    } catch (IOException | GeneralSecurityException | RuntimeException fault) {
      complain("cannot go on: " + fault.getMessage());
    }
    thread.schedule(this::run, Math.max(1, pause.toMillis()), TimeUnit.MILLISECONDS);
  }

  /** One step; answers how long to wait for the next. */
  private Duration step() throws IOException, GeneralSecurityException {
    Optional<Credentials> good = good();
    if (good.isEmpty() || distrusted) {
      return enrol();
    }
    Duration rest = Duration.between(clock.instant(), renewAt);
    if (rest.isPositive()) {
      return shorter(rest, LOOK.multipliedBy(10)); // it may be distrusted any moment
    }
    return take(line.renew(address(), good.get().pem(), request()), "");
  }

  private Duration enrol() throws IOException, GeneralSecurityException {
    Optional<Proof> proof = proof();
    if (proof.isEmpty()) {
      prepare();
      String sentence = "waiting for a join token: " + source.where();
      if (!sentence.equals(lastComplaint)) {
        LOG.info("enrolment: {}", sentence); // how every first start begins
        lastComplaint = sentence;
      }
      return LOOK;
    }
    String text =
        switch (proof.get()) {
          case Proof.JoinToken(String token) -> token;
          case Proof.ServiceAccountToken(String token) -> token;
        };
    if (text.equals(refusedProof)) {
      return LOOK.multipliedBy(10); // said so already; another may come
    }
    return take(line.enrol(address(), proof.get(), request()), text);
  }

  private Duration take(Answer answer, String proof) throws IOException, GeneralSecurityException {
    return switch (answer) {
      case Answer.Issued(List<byte[]> chain) -> {
        adopt(Credentials.of(chain, keys().getPrivate(), config.spiffeId()));
        yield Duration.ZERO;
      }
      case Answer.Refused(String sentence) -> {
        refusedProof = proof;
        complain(sentence);
        yield pause();
      }
      case Answer.Unavailable(String sentence) -> {
        complain(sentence + "; trying again");
        yield pause();
      }
    };
  }

  /** The disk first: what is used is what a restart finds. */
  private void adopt(Credentials credentials) throws IOException {
    Files.createDirectories(file.getParent());
    PrivateFiles.replace(file, credentials.file());
    nextKeys = null;
    use(credentials);
    LOG.info("enrolment: certificate of {} until {}", config.nodeName(), credentials.expiresAt());
    changed.run();
  }

  private void use(Credentials credentials) {
    double part = ThreadLocalRandom.current().nextDouble(RENEW_FROM, RENEW_UNTIL);
    renewAt = credentials.at(part);
    backoff = FIRST_BACKOFF;
    lastComplaint = "";
    distrusted = false;
    current = credentials;
  }

  private Optional<Proof> proof() {
    return source
        .joinToken()
        .<Proof>map(Proof.JoinToken::new)
        .or(() -> text(source.joinTokenFile()).map(Proof.JoinToken::new))
        .or(() -> text(source.serviceAccountTokenFile()).map(Proof.ServiceAccountToken::new));
  }

  /** Whoever puts a token there may be in the middle of it: an empty file is none yet. */
  private static Optional<String> text(Optional<Path> from) {
    return from.filter(Files::isRegularFile)
        .flatMap(path -> {
          try {
            return Files.size(path) > MAX_TOKEN_BYTES
                ? Optional.<String>empty()
                : Optional.of(Files.readString(path).strip());
          } catch (IOException notNow) {
            return Optional.<String>empty();
          }
        })
        .filter(token -> !token.isEmpty());
  }

  private HostPort address() {
    List<HostPort> addresses = config.controlPlane().addresses();
    return addresses.get(attempts++ % addresses.size());
  }

  private byte[] request() throws GeneralSecurityException {
    return SigningRequest.of(keys(), config.nodeName());
  }

  /** What takes longest, while there is nothing better to do: a node waits for its certificate. */
  private void prepare() throws GeneralSecurityException {
    if (!prepared) {
      prepared = true;
      request();
      line.prepare(address());
    }
  }

  private KeyPair keys() throws GeneralSecurityException {
    KeyPair made = nextKeys;
    if (made == null) {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      made = generator.generateKeyPair();
      nextKeys = made;
    }
    return made;
  }

  /** Full jitter; short at first, because a control plane that starts is what a node waits for. */
  private Duration pause() {
    Duration pause =
        Duration.ofMillis(1 + ThreadLocalRandom.current().nextLong(backoff.toMillis()));
    if (current != null) {
      backoff = shorter(backoff.multipliedBy(2), LONGEST_PAUSE);
    }
    return pause;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Once per sentence, not per attempt. */
  private void complain(String sentence) {
    if (!sentence.equals(lastComplaint)) {
      LOG.warn("enrolment: {}", sentence);
      lastComplaint = sentence;
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
