/** Metrics of a node and the one list of their names. */
@NullMarked
package dev.penstock.dataplane.telemetry;

import org.jspecify.annotations.NullMarked;
