/** A control plane that answers by script, for tests of what speaks to one. */
@NullMarked
package dev.penstock.cli.admin;

import org.jspecify.annotations.NullMarked;
