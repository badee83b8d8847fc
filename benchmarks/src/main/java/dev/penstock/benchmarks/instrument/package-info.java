/** What is measured of a target: one record a round from each instrument. */
@NullMarked
package dev.penstock.benchmarks.instrument;

import org.jspecify.annotations.NullMarked;
