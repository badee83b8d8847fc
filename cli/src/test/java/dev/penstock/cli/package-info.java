/** Tests of the command line as a whole. */
@NullMarked
package dev.penstock.cli;

import org.jspecify.annotations.NullMarked;
