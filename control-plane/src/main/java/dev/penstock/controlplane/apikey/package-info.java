/** API keys: minted, shown once, kept as a keyed hash, revoked but not forgotten. */
@NullMarked
package dev.penstock.controlplane.apikey;

import org.jspecify.annotations.NullMarked;
