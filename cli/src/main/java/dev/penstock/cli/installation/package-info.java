/**
 * Where an installation keeps its things on this machine: folders, ports, nodes, secrets, and the
 * file {@code env} that shells source.
 */
@NullMarked
package dev.penstock.cli.installation;

import org.jspecify.annotations.NullMarked;
