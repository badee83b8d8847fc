/** Reads from the kernel what a process used, and what machine this is. */
@NullMarked
package dev.penstock.benchmarks.machine;

import org.jspecify.annotations.NullMarked;
