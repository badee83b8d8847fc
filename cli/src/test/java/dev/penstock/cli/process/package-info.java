/** Tests of supervision, with tiny real processes. */
@NullMarked
package dev.penstock.cli.process;

import org.jspecify.annotations.NullMarked;
