package dev.penstock.cli.up;

import dev.penstock.cli.admin.AdminClient;
import dev.penstock.cli.installation.Installation;
import dev.penstock.cli.installation.NodeName;
import dev.penstock.cli.installation.OwnerOnly;
import dev.penstock.cli.installation.SecretFiles;
import dev.penstock.cli.pki.DevelopmentPki;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Hands each node the one-time token with which it joins, where it has no certificate that is still
 * good. Nodes are up before there is a control plane that could make one, and wait for the file.
 */
final class NodeTokens {

  /** Where a node keeps what it was given. */
  private static final String IDENTITY = "identity.pem";

  private final Installation installation;
  private final SecretFiles secrets;

  NodeTokens(Installation installation) {
    this.installation = installation;
    this.secrets = new SecretFiles(installation);
  }

  /** The file in which a node looks for its token. */
  Path file(NodeName node) {
    return OwnerOnly.folder(installation.secrets()).resolve(name(node));
  }

  /** A token of an earlier run is used or over. */
  void forget(NodeName node) {
    try {
      Files.deleteIfExists(file(node));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + file(node), e);
    }
  }

  /** Makes a token, unless the node needs none. */
  void hand(NodeName node, DevelopmentPki pki, AdminClient admin) {
    if (!pki.isGood(installation.nodeData(node.toString()).resolve(IDENTITY))) {
      secrets.store(name(node), admin.joinToken(node.region(), node.toString()));
    }
  }

  private static String name(NodeName node) {
    return "join-token." + node;
  }
}
