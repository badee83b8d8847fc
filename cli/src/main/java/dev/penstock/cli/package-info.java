/**
 * The command {@code penstock}: starts an installation on this machine and talks to a running one.
 *
 * <p>{@link dev.penstock.cli.Penstock} is the list of commands. Those of one concern live in its
 * package: {@code up} starts everything and is also the library the integration tests use; {@code
 * process} runs and supervises the children; {@code manifest} applies and reads resources; {@code
 * explain} tells what happened to one request.
 */
@NullMarked
package dev.penstock.cli;

import org.jspecify.annotations.NullMarked;
