package dev.penstock.controlplane.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.controlplane.enrolment.NodeIdentity;
import dev.penstock.controlplane.fleet.SessionAction.Admit;
import dev.penstock.controlplane.fleet.SessionAction.Ask;
import dev.penstock.controlplane.fleet.SessionAction.End;
import dev.penstock.controlplane.fleet.SessionAction.NoteAcked;
import dev.penstock.controlplane.fleet.SessionAction.NoteNacked;
import dev.penstock.controlplane.fleet.SessionAction.Say;
import dev.penstock.controlplane.fleet.SessionAction.Send;
import dev.penstock.controlplane.fleet.SessionEvent.Answered;
import dev.penstock.controlplane.fleet.SessionEvent.Decided;
import dev.penstock.controlplane.fleet.SessionEvent.Published;
import dev.penstock.controlplane.fleet.SessionEvent.Said;
import dev.penstock.controlplane.ledger.LeaseAnswer;
import dev.penstock.controlplane.snapshot.StoredSnapshot;
import dev.penstock.controlplane.usage.UsageBatch;
import dev.penstock.kernel.snapshot.PersistentMap;
import dev.penstock.kernel.snapshot.Resource;
import dev.penstock.kernel.snapshot.ResourceTree;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionStateTest {

  private static final NodeIdentity NODE = new NodeIdentity("eu-west-1", "eu-west");
  private static final UUID SPOOL = UUID.randomUUID();
  private static final byte[] NONE = {};
  private static final byte[] KEY = new byte[32];
  private static final Nack NACK = new Nack("tenant/acme/policy", "UNKNOWN_FEATURE", "guards");

  @Test
  void helloIsCheckedAgainstTheRegistryAndWelcomed() {
    SessionState awaiting = new SessionState.AwaitingHello(NODE);

    SessionState.Step said = awaiting.on(new Said(hello(NONE)));
    SessionState.Step decided =
        said.next().on(new Decided(admitted(7), KEY, Optional.of(snapshot(3, 1))));

    assertThat(said.actions()).hasExactlyElementsOfTypes(Admit.class);
    assertThat(decided.actions())
        .containsExactly(
            new Say(new ControlSays.Welcome(KEY, 7)), new Send(1, snapshot(3, 1).whole()));
  }

  @Test
  void aNodeThatHasTheNewestIsToldSo() {
    SessionState open = open(digest(1), 3, 1);

    assertThat(lastActions)
        .containsExactly(
            new Say(new ControlSays.Welcome(KEY, 0)),
            new Say(new ControlSays.UpToDate(3)),
            new NoteAcked(3));
    assertThat(open).isInstanceOf(SessionState.Open.class);
  }

  @Test
  void whatIsStoredWhileOneIsOnItsWayCoalescesToTheNewest() {
    SessionState open = open(NONE, 3, 1);

    SessionState.Step four = open.on(published(4, 2));
    SessionState.Step five = four.next().on(published(5, 3));
    SessionState.Step acked = five.next().on(acked(1, 3, 1));

    assertThat(four.actions()).isEmpty();
    assertThat(five.actions()).isEmpty();
    assertThat(acked.actions())
        .containsExactly(new NoteAcked(3), new Send(2, snapshot(5, 3).whole()));
  }

  @Test
  void anOlderRevisionIsNoNews() {
    SessionState open = open(digest(1), 3, 1);

    assertThat(open.on(published(2, 9)).actions()).isEmpty();
  }

  @Test
  void aRevisionWithTheSameContentIsOnlyAnnounced() {
    SessionState open = open(digest(1), 3, 1);

    assertThat(open.on(published(4, 1)).actions())
        .containsExactly(new Say(new ControlSays.UpToDate(4)), new NoteAcked(4));
  }

  @Test
  void aRefusedSnapshotIsNotedAndNotSentAgainUntilTheContentIsAnother() {
    SessionState open = open(NONE, 3, 1);

    SessionState.Step nacked =
        open.on(new Said(new NodeSaid.SnapshotNacked(1, 3, List.of(NACK), 0)));
    SessionState.Step same = nacked.next().on(published(4, 1));
    SessionState.Step other = same.next().on(published(5, 2));

    assertThat(nacked.actions())
        .singleElement()
        .isInstanceOfSatisfying(
            NoteNacked.class, note -> assertThat(note.nacks()).containsExactly(NACK));
    assertThat(same.actions()).isEmpty();
    assertThat(other.actions()).containsExactly(new Send(2, snapshot(5, 2).whole()));
  }

  @Test
  void aNodeThatHasOneOfTheLastRevisionsGetsWhatChanged() {
    SessionState open = open(digest(1), 3, 1);
    PackedSnapshot next = packed(4, 2, List.of(tree(1)));

    SessionState.Step step = open.on(new Published(next, List.of()));

    assertThat(step.actions()).containsExactly(new Send(1, next.on(digest(1))));
    assertThat(next.on(digest(1)).isDelta()).isTrue();
    assertThat(next.on(digest(1)).chunks())
        .containsExactly(
            new Transfer.Chunk(List.of(new Resource("model/small", new byte[] {2})), List.of()));
  }

  @Test
  void aNodeThatDoesNotKnowDeltasGetsTheWhole() {
    PackedSnapshot next = packed(4, 2, List.of(tree(1)));
    NodeSaid old =
        new NodeSaid.Hello("eu-west-1", "eu-west", 1, 0, digest(1), SPOOL, 0, "old", false);

    SessionState.Step step =
        new SessionState.AwaitingHello(NODE)
            .on(new Said(old))
            .next()
            .on(new Decided(admitted(0), KEY, Optional.of(next)));

    assertThat(step.actions()).contains(new Send(1, next.whole()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"BASE_MISMATCH", "DIGEST_MISMATCH"})
  void aDeltaThatDoesNotFitIsFollowedByTheWhole(String code) {
    PackedSnapshot next = packed(4, 2, List.of(tree(1)));
    PackedSnapshot later = packed(5, 3, List.of(tree(2), tree(1)));
    SessionState sent = open(digest(1), 3, 1).on(new Published(next, List.of())).next();

    SessionState.Step nacked =
        sent.on(new Said(new NodeSaid.SnapshotNacked(1, 4, List.of(new Nack("", code, "no")), 3)));
    SessionState.Step acked = nacked.next().on(acked(2, 4, 2));
    SessionState.Step after = acked.next().on(new Published(later, List.of()));

    assertThat(nacked.actions()).containsExactly(new Send(2, next.whole()));
    assertThat(acked.actions()).containsExactly(new NoteAcked(4));
    assertThat(after.actions()).containsExactly(new Send(3, later.on(digest(2))));
  }

  @Test
  void aNodeThatKeptOnlySomeTenantsRulesHasTheRest() {
    PackedSnapshot next = packed(4, 2, List.of(tree(1)));
    PackedSnapshot later = packed(5, 3, List.of(tree(2), tree(1)));
    SessionState sent = open(digest(1), 3, 1).on(new Published(next, List.of())).next();

    SessionState.Step nacked =
        sent.on(new Said(new NodeSaid.SnapshotNacked(1, 4, List.of(NACK), 4)));
    SessionState.Step after = nacked.next().on(new Published(later, List.of()));

    assertThat(nacked.actions()).hasExactlyElementsOfTypes(NoteNacked.class);
    assertThat(after.actions()).containsExactly(new Send(2, later.on(digest(2))));
  }

  @Test
  void whatThisBuildRefusedBeforeIsNotSentOnConnect() {
    SessionState admitting = admitting(digest(8));

    SessionState.Step decided =
        admitting.on(
            new Decided(
                new Admission.Admitted(0, Optional.of(digest(1))),
                KEY,
                Optional.of(snapshot(3, 1))));

    assertThat(decided.actions()).containsExactly(new Say(new ControlSays.Welcome(KEY, 0)));
  }

  @Test
  void keysThatBecameRevokedGoAheadOfTheSnapshot() {
    SessionState open = open(digest(1), 3, 1);

    SessionState.Step step = open.on(new Published(snapshot(4, 2), List.of("0123456789")));

    assertThat(step.actions())
        .containsExactly(
            new Say(new ControlSays.Revoke(4, List.of("0123456789"))),
            new Send(1, snapshot(4, 2).whole()));
  }

  @Test
  void moneyIsAskedInTheNameOfTheCertificate() {
    UUID lease = UUID.randomUUID();
    UUID budget = UUID.randomUUID();

    SessionState.Step step =
        open(digest(1), 3, 1)
            .on(new Said(new NodeSaid.MoneyAsked(lease, budget, SPOOL, 0, 0, 10, 5)));

    assertThat(step.actions())
        .singleElement()
        .isInstanceOfSatisfying(
            Ask.class, ask -> assertThat(ask.ask().node()).isEqualTo("eu-west-1"));
  }

  @Test
  void moneyForAnotherSpoolIsRefused() {
    UUID lease = UUID.randomUUID();
    NodeSaid asked =
        new NodeSaid.MoneyAsked(lease, UUID.randomUUID(), UUID.randomUUID(), 0, 0, 10, 5);

    assertThat(open(digest(1), 3, 1).on(new Said(asked)).actions())
        .containsExactly(new Say(new ControlSays.Money(new LeaseAnswer.Closed(lease))));
  }

  @ParameterizedTest
  @MethodSource
  void whatMayNotBeSaidEndsTheSession(SessionState state, NodeSaid said, EndCause.Kind kind) {
    SessionState.Step step = state.on(new Said(said));

    assertThat(step.next()).isInstanceOf(SessionState.Ended.class);
    assertThat(step.actions())
        .singleElement()
        .isInstanceOfSatisfying(End.class, end -> assertThat(end.cause().kind()).isEqualTo(kind));
  }

  static Stream<Arguments> whatMayNotBeSaidEndsTheSession() {
    SessionState awaiting = new SessionState.AwaitingHello(NODE);
    NodeSaid heartbeat = new NodeSaid.Heartbeat(1, 0, 0, 0, Map.of());
    NodeSaid foreignBatch = new NodeSaid.Used(new UsageBatch(UUID.randomUUID(), 1, List.of()));
    NodeSaid odd =
        new NodeSaid.Unintelligible(new EndCause(EndCause.Kind.MALFORMED, "unknown oneof"));
    return Stream.of(
        Arguments.of(awaiting, heartbeat, EndCause.Kind.OUT_OF_ORDER),
        Arguments.of(awaiting, odd, EndCause.Kind.MALFORMED),
        Arguments.of(awaiting, helloOf("us-east-1", "eu-west"), EndCause.Kind.NOT_ALLOWED),
        Arguments.of(awaiting, helloOf("eu-west-1", "us-east"), EndCause.Kind.NOT_ALLOWED),
        Arguments.of(admitting(NONE), heartbeat, EndCause.Kind.OUT_OF_ORDER),
        Arguments.of(anyOpen(), hello(NONE), EndCause.Kind.OUT_OF_ORDER),
        Arguments.of(anyOpen(), foreignBatch, EndCause.Kind.NOT_ALLOWED),
        Arguments.of(anyOpen(), odd, EndCause.Kind.MALFORMED),
        Arguments.of(
            anyOpen(), new NodeSaid.SnapshotAcked(9, 3, digest(1)), EndCause.Kind.MALFORMED),
        Arguments.of(
            anyOpen(), new NodeSaid.SnapshotAcked(1, 99, digest(1)), EndCause.Kind.MALFORMED),
        Arguments.of(
            anyOpen(), new NodeSaid.SnapshotAcked(1, 3, digest(2)), EndCause.Kind.MALFORMED),
        Arguments.of(
            anyOpen(),
            new NodeSaid.SnapshotNacked(2, 3, List.of(NACK), 0),
            EndCause.Kind.MALFORMED));
  }

  @ParameterizedTest
  @MethodSource
  void ourOwnMistakesAreFaults(SessionState state, SessionEvent event) {
    assertThatThrownBy(() -> state.on(event)).isInstanceOf(IllegalStateException.class);
  }

  static Stream<Arguments> ourOwnMistakesAreFaults() {
    SessionEvent decided = new Decided(admitted(0), KEY, Optional.empty());
    SessionEvent answered = new Answered(new ControlSays.UpToDate(1));
    return Stream.of(
        Arguments.of(new SessionState.AwaitingHello(NODE), decided),
        Arguments.of(new SessionState.AwaitingHello(NODE), answered),
        Arguments.of(admitting(NONE), answered),
        Arguments.of(anyOpen(), decided));
  }

  @Test
  void nothingLeadsOutOfTheEnd() {
    SessionState ended =
        new SessionState.Ended(new EndCause(EndCause.Kind.NODE_GONE, "the line is gone"));

    for (SessionEvent event :
        List.of(
            new Said(hello(NONE)),
            published(4, 2),
            new Decided(admitted(0), KEY, Optional.empty()))) {
      assertThat(ended.on(event)).isEqualTo(new SessionState.Step(ended, List.of()));
    }
  }

  @Test
  void theDeliveryKeyIsNotPrinted() {
    byte[] key = new byte[32];
    java.util.Arrays.fill(key, (byte) 0x41);

    assertThat(
            new Decided(admitted(0), key, Optional.empty()) + " " + new ControlSays.Welcome(key, 1))
        .doesNotContain("65")
        .doesNotContain("[B@");
  }

  private List<SessionAction> lastActions = List.of();

  private SessionState open(byte[] inForce, long revision, int content) {
    SessionState.Step step =
        admitting(inForce)
            .on(new Decided(admitted(0), KEY, Optional.of(snapshot(revision, content))));
    lastActions = step.actions();
    return step.next();
  }

  private static SessionState anyOpen() {
    return admitting(NONE).on(new Decided(admitted(0), KEY, Optional.of(snapshot(3, 1)))).next();
  }

  private static SessionState admitting(byte[] inForce) {
    return new SessionState.AwaitingHello(NODE).on(new Said(hello(inForce))).next();
  }

  private static Admission admitted(long ackedSeq) {
    return new Admission.Admitted(ackedSeq, Optional.empty());
  }

  private static NodeSaid.Hello hello(byte[] inForce) {
    return new NodeSaid.Hello("eu-west-1", "eu-west", 1, 0, inForce, SPOOL, 0, "test", true);
  }

  private static NodeSaid helloOf(String node, String region) {
    return new NodeSaid.Hello(node, region, 1, 0, NONE, SPOOL, 0, "test", true);
  }

  private static SessionEvent acked(long nonce, long revision, int content) {
    return new Said(new NodeSaid.SnapshotAcked(nonce, revision, digest(content)));
  }

  private static SessionEvent published(long revision, int content) {
    return new Published(snapshot(revision, content), List.of());
  }

  private static final Map<String, PackedSnapshot> SNAPSHOTS =
      new java.util.concurrent.ConcurrentHashMap<>();

  private static PackedSnapshot snapshot(long revision, int content) {
    return SNAPSHOTS.computeIfAbsent(
        revision + "/" + content, key -> packed(revision, content, List.of()));
  }

  private static PackedSnapshot packed(long revision, int content, List<ResourceTree> bases) {
    ResourceTree tree = tree(content);
    return new PackedSnapshot(
        new StoredSnapshot("eu-west", revision, tree.digest(), new byte[64], false, 0, tree, bases),
        PersistentMap.copyOf(Map.of()));
  }

  private static ResourceTree tree(int content) {
    return ResourceTree.of(
        List.of(
            new Resource("model/large", new byte[1000]),
            new Resource("model/small", new byte[] {(byte) content})));
  }

  private static byte[] digest(int content) {
    return tree(content).digest();
  }
}
