/**
 * Starts a whole installation on this machine, and is a library for those who need one.
 *
 * <p>{@link dev.penstock.cli.up.Stack} is the order of events; {@link dev.penstock.cli.up.Programs}
 * says how each process is started, {@link dev.penstock.cli.up.Quickstart} what is applied to it,
 * {@link dev.penstock.cli.up.StackOptions} what can be chosen. {@link
 * dev.penstock.cli.up.UpCommand} is the terminal around it.
 */
@NullMarked
package dev.penstock.cli.up;

import org.jspecify.annotations.NullMarked;
