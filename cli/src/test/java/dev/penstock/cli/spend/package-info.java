/** Tests of what is told of spend. */
@NullMarked
package dev.penstock.cli.spend;

import org.jspecify.annotations.NullMarked;
