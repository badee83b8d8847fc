/** Regions: where nodes, providers and records are. */
@NullMarked
package dev.penstock.controlplane.region;

import org.jspecify.annotations.NullMarked;
