/** Turns rounds into medians, spreads and ratios, and these into JSON and text. */
@NullMarked
package dev.penstock.benchmarks.report;

import org.jspecify.annotations.NullMarked;
