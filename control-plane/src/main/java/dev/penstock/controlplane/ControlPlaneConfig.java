package dev.penstock.controlplane;

import io.smallrye.config.ConfigMapping;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the environment says; {@code application.properties} maps its variables to these names. */
@ConfigMapping(prefix = "penstock")
public interface ControlPlaneConfig {

  /** File with the bearer token of the admin API. */
  Path adminTokenFile();

  /** What new API keys say they are for, such as {@code live} or {@code test}. */
  String environment();

  /** File with the master keys, one a line, base64 of 32 bytes each; the first one wraps. */
  Optional<Path> masterKeyFile();

  /** The same without a file. */
  Optional<String> masterKey();

  /** The pepper under which new API keys are hashed, unless there is a higher one already. */
  int pepperVersion();

  /** PKCS#8 PEM of the Ed25519 key that signs snapshots. */
  Path snapshotSigningKey();

  /** Address ranges in which providers may be although they are private. */
  Optional<List<String>> providerAllowPrivate();

  /** Private ranges (CIDR) to which alerts may be sent nevertheless. */
  Optional<List<String>> webhookAllowPrivate();

  /** Certificates between the planes. */
  Tls tls();

  /** The authority that issues the nodes' certificates. */
  NodeCa nodeCa();

  /** Where pods are vouched for. */
  Kubernetes kubernetes();

  /** The identity provider whose tokens the admin API takes beside the admin token. */
  Oidc oidc();

  /** Whom that provider is told of tenants and their people. */
  Provisioning provisioning();

  /** How long the waves of a rollout last. */
  Rollout rollout();

  /** Port of the nodes' sessions. */
  int grpcPort();

  /** Address to listen on. */
  String bindHost();

  /** An OpenID provider, such as a realm of Keycloak. */
  interface Oidc {

    /** Its issuer, which is where its keys are found; absent: no token but the admin token. */
    Optional<String> issuer();

    /** What tokens for the admin API are made for, and whose client roles count. */
    String audience();

    /** The authentication level that destructive actions need. */
    String stepUpAcr();
  }

  /** Kubernetes, where pods enrol with the token of their service account. */
  interface Kubernetes {

    /** Whose pods may be nodes of which region, each {@code region=namespace/name}. */
    Optional<List<String>> serviceAccounts();

    /** Its API server. */
    URI api();

    /** Folder with the control plane's own {@code token} and the server's {@code ca.crt}. */
    Path credentials();
  }

  /** PEM files of a certificate authority; without them no certificates are issued. */
  interface NodeCa {

    /** Its certificate; of one that is no root, followed by those above it. */
    Optional<Path> cert();

    /** Its PKCS#8 key: EC, Ed25519 or RSA. */
    Optional<Path> key();

    /** How long a node's certificate is good; nodes renew at half of it. */
    Duration certificateLifetime();
  }

  /** The client as which organizations are made in the issuer's realm, which is Keycloak's then. */
  interface Provisioning {

    /** Its name. */
    String clientId();

    /** File with its secret; absent: the provider is told nothing. */
    Optional<Path> clientSecretFile();
  }

  /** Times of a rollout in waves, see {@link dev.penstock.kernel.rollout.WaveTimes}. */
  interface Rollout {

    /** How long the first wave is watched. */
    Duration canary();

    /** How long the second wave is watched. */
    Duration quarter();

    /** How long a wave's nodes may take to put the revision in force. */
    Duration patience();
  }

  /** PEM files. */
  interface Tls {
    Path ca();

    Path cert();

    Path key();
  }
}
