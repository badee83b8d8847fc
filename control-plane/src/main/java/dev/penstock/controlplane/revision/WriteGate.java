package dev.penstock.controlplane.revision;

import dev.penstock.controlplane.identity.Action;
import dev.penstock.controlplane.identity.Caller;
import dev.penstock.controlplane.identity.Gate;
import dev.penstock.controlplane.identity.Role;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.member.Member;
import dev.penstock.controlplane.member.Members;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Asks the {@link Gate} about each resource that a write touches, whichever way it came in. Under
 * the lock of the write, so that no tenant moves between the question and the deed.
 */
@Singleton
class WriteGate {

  private final Gate gate;
  private final Members members;

  WriteGate(Gate gate, Members members) {
    this.gate = gate;
    this.members = members;
  }

  void requireWrite(Caller caller, Draft<?> draft) {
    ResourceRef ref = draft.ref();
    gate.require(
        caller, ref.kind().path(), Action.WRITE, whose(ref), draft.path() + field(ref.kind()));
    if (draft.wanted() instanceof Member wanted) {
      Set<Role> roles = new HashSet<>(wanted.roles());
      members.store().find(ref).ifPresent(stored -> roles.addAll(stored.roles()));
      gate.requireGrant(caller, ref.owner(), roles, draft.path() + "spec.roles");
    }
  }

  /** As {@link #requireWrite(Caller, Draft)}, of what no manifest says. */
  void requireWrite(Caller caller, ResourceRef ref) {
    gate.require(caller, ref.kind().path(), Action.WRITE, whose(ref), "");
  }

  void requireDelete(Caller caller, ResourceRef ref) {
    gate.require(caller, ref.kind().path(), Action.DELETE, whose(ref), "");
    if (ref.kind() == Kind.MEMBER) {
      members
          .store()
          .find(ref)
          .ifPresent(stored -> gate.requireGrant(caller, ref.owner(), stored.roles(), ""));
    }
  }

  private static Optional<String> whose(ResourceRef ref) {
    return ref.kind() == Kind.TENANT ? Optional.of(ref.name()) : ref.tenant();
  }

  private static String field(Kind kind) {
    return kind.owner() == Kind.Owner.TENANT ? "metadata.tenant" : "metadata.name";
  }
}
