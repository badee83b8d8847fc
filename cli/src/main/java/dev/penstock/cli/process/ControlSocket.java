package dev.penstock.cli.process;

import dev.penstock.cli.CommandFailure;
import dev.penstock.cli.ExitCode;
import dev.penstock.cli.installation.Installation;
import dev.penstock.cli.installation.OwnerOnly;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * How a command in another terminal reaches the running {@code up}: a Unix domain socket that only
 * its owner can open. One line goes in, {@code stop eu-west-1}; one comes back, an exit code and a
 * sentence.
 */
public final class ControlSocket implements AutoCloseable {
  private static final int LONGEST_SOCKET_PATH = 100;

  private final Path path;
  private final ServerSocketChannel server;
  private final Orders orders;

  /** What can be asked for. The answer is the sentence the user sees. */
  public interface Orders {
    String obey(String verb, String name);
  }

  private ControlSocket(Path path, ServerSocketChannel server, Orders orders) {
    this.path = path;
    this.server = server;
    this.orders = orders;
  }

  public static ControlSocket open(Installation installation, Orders orders) {
    Path path = path(installation);
    try {
      OwnerOnly.folder(path.resolveSibling(".").normalize());
      Files.deleteIfExists(path);
      ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(path));
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
      ControlSocket socket = new ControlSocket(path, server, orders);
      Thread.ofPlatform().daemon().name("control").start(socket::serve);
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open the control socket " + path, e);
    }
  }

  /** Sends an order to the running {@code up}, and answers its sentence. */
  static String send(Installation installation, String verb, String name) {
    String answer;
    try (SocketChannel channel =
        SocketChannel.open(UnixDomainSocketAddress.of(path(installation)))) {
      OutputStream out = Channels.newOutputStream(channel);
      out.write((verb + " " + name + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
      answer = new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw CommandFailure.failed(
          "nothing runs from %s; start it with ./penstock up.".formatted(installation.state()));
    }
    int space = answer.indexOf(' ');
    String sentence = answer.substring(space + 1).strip();
    return switch (answer.substring(0, Math.max(0, space))) {
      case "0" -> sentence;
      case "64" -> throw CommandFailure.usage(sentence);
      default -> throw CommandFailure.failed(sentence);
    };
  }

  /**
   * The kernel allows about a hundred bytes for the path, so a deep folder gets a short stand-in.
   */
  private static Path path(Installation installation) {
    Path path = installation.state().resolve("control.sock");
    if (path.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST_SOCKET_PATH) {
      return path;
    }
    String stand = "penstock-" + Integer.toHexString(installation.state().toString().hashCode());
    return Path.of(System.getProperty("java.io.tmpdir"), stand, "control.sock");
  }

  @Override
  public void close() {
    try {
      server.close();
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close the control socket " + path, e);
    }
  }

  private void serve() {
    while (server.isOpen()) {
      try {
        SocketChannel client = server.accept();
        Thread.ofPlatform().daemon().name("control order").start(() -> answer(client));
      } catch (ClosedChannelException e) {
        return; // we are ending
      } catch (IOException e) {
        throw new UncheckedIOException("the control socket broke", e);
      }
    }
  }

  private void answer(SocketChannel client) {
    try (client;
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(Channels.newInputStream(client), StandardCharsets.UTF_8))) {
      String line = in.readLine();
      String[] words = line == null ? new String[0] : line.split(" ", 2);
      String answer =
          words.length == 2 ? obey(words[0], words[1]) : ExitCode.USAGE + " no order in that line";
      OutputStream out = Channels.newOutputStream(client);
      out.write(answer.getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      return; // the one who asked is gone; the order was obeyed all the same
    }
  }

  private String obey(String verb, String name) {
    try {
      return ExitCode.DONE + " " + orders.obey(verb, name);
    } catch (CommandFailure e) {
      return e.exitCode() + " " + e.getMessage();
    }
  }
}
