/** Tests of the embedded server. */
@NullMarked
package dev.penstock.cli.postgres;

import org.jspecify.annotations.NullMarked;
