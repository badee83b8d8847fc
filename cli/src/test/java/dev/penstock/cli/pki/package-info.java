/** Tests of the development CA. */
@NullMarked
package dev.penstock.cli.pki;

import org.jspecify.annotations.NullMarked;
