/**
 * Child processes: started, watched, listed, stopped; and the commands that do so from another
 * terminal.
 *
 * <p>A {@link dev.penstock.cli.process.ProcessSpec} says how a process is started and when it is
 * ready; a {@link dev.penstock.cli.process.ManagedProcess} is that process over time; the {@link
 * dev.penstock.cli.process.Supervisor} owns all of them and keeps {@link
 * dev.penstock.cli.process.ProcessTable} current. {@link dev.penstock.cli.process.ControlSocket}
 * takes the orders of {@code start}, {@code stop} and {@code kill}.
 */
@NullMarked
package dev.penstock.cli.process;

import org.jspecify.annotations.NullMarked;
