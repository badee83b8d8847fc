/** Tests of ports, nodes, secrets and the env file. */
@NullMarked
package dev.penstock.cli.installation;

import org.jspecify.annotations.NullMarked;
