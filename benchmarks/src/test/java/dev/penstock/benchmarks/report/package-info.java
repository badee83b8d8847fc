/** Tests the arithmetic of medians and ratios. */
@NullMarked
package dev.penstock.benchmarks.report;

import org.jspecify.annotations.NullMarked;
