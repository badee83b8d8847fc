package dev.penstock.dataplane.snapshot;

import dev.penstock.kernel.seal.DeliveryKey;
import dev.penstock.kernel.snapshot.Resource;
import dev.penstock.kernel.snapshot.ResourceTree;
import dev.penstock.kernel.snapshot.SnapshotDelta;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a node writes to its disk of snapshots and deltas, before it is locked. */
final class SnapshotCodec {

  private SnapshotCodec() {}

  /** Whole snapshots, the oldest first, under the delivery key that they were sealed with. */
  record Wholes(DeliveryKey deliveryKey, List<SignedSnapshot> snapshots) {
    Wholes {
      snapshots = List.copyOf(snapshots);
    }
  }

  static byte[] encode(Wholes wholes) {
    return written(out -> {
      writeBytes(out, wholes.deliveryKey().encoded());
      out.writeInt(wholes.snapshots().size());
      for (SignedSnapshot snapshot : wholes.snapshots()) {
        out.writeLong(snapshot.revision());
        writeBytes(out, snapshot.digest());
        writeBytes(out, snapshot.signature());
        writeResources(out, snapshot.tree().resources());
      }
    });
  }

  /** Empty for anything that is not what {@link #encode(Wholes)} wrote. */
  static Optional<Wholes> decodeWholes(byte[] content) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(content))) {
      DeliveryKey deliveryKey = new DeliveryKey(readBytes(in));
      List<SignedSnapshot> snapshots = new ArrayList<>();
      for (int sets = in.readInt(); sets > 0; sets--) {
        snapshots.add(
            new SignedSnapshot(
                in.readLong(), readBytes(in), readBytes(in), ResourceTree.of(readResources(in))));
      }
      return snapshots.isEmpty()
          ? Optional.empty()
          : Optional.of(new Wholes(deliveryKey, snapshots));
    } catch (IOException | IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  static byte[] encode(SignedDelta delta) {
    return written(out -> {
      out.writeLong(delta.revision());
      writeBytes(out, delta.digest());
      writeBytes(out, delta.signature());
      writeBytes(out, delta.delta().baseDigest());
      writeResources(out, delta.delta().resources());
      out.writeInt(delta.delta().removed().size());
      for (String key : delta.delta().removed()) {
        writeText(out, key);
      }
    });
  }

  /** Empty for anything that is not what {@link #encode(SignedDelta)} wrote. */
  static Optional<SignedDelta> decodeDelta(byte[] content) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(content))) {
      long revision = in.readLong();
      byte[] digest = readBytes(in);
      byte[] signature = readBytes(in);
      byte[] base = readBytes(in);
      List<Resource> resources = readResources(in);
      List<String> removed = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        removed.add(readText(in));
      }
      return Optional.of(
          new SignedDelta(
              revision, digest, signature, new SnapshotDelta(base, resources, removed)));
    } catch (IOException | IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  private interface Content {
    void writeTo(DataOutputStream out) throws IOException;
  }

  private static byte[] written(Content content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      content.writeTo(out);
    } catch (IOException impossible) {
      throw new UncheckedIOException("writing to memory", impossible);
    }
    return bytes.toByteArray();
  }

  private static void writeResources(DataOutputStream out, List<Resource> resources)
      throws IOException {
    out.writeInt(resources.size());
    for (Resource resource : resources) {
      writeText(out, resource.key());
      writeBytes(out, resource.payload());
    }
  }

  private static List<Resource> readResources(DataInputStream in) throws IOException {
    List<Resource> resources = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      resources.add(new Resource(readText(in), readBytes(in)));
    }
    return resources;
  }

  private static void writeText(DataOutputStream out, String text) throws IOException {
    writeBytes(out, text.getBytes(StandardCharsets.UTF_8));
  }

  private static String readText(DataInputStream in) throws IOException {
    return new String(readBytes(in), StandardCharsets.UTF_8);
  }

  private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] readBytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("length: " + length);
    }
    return in.readNBytes(length);
  }
}
