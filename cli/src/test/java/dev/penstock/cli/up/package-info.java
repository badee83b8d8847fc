/** Tests of what up does around the processes. */
@NullMarked
package dev.penstock.cli.up;

import org.jspecify.annotations.NullMarked;
