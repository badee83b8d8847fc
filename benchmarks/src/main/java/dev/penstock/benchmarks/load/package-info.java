/** Makes the traffic: many paced streams on one thread, every chunk of them checked. */
@NullMarked
package dev.penstock.benchmarks.load;

import org.jspecify.annotations.NullMarked;
