/** Hashes of what is stored or compared; {@link dev.penstock.controlplane.digest.Sha256} is all. */
@NullMarked
package dev.penstock.controlplane.digest;

import org.jspecify.annotations.NullMarked;
