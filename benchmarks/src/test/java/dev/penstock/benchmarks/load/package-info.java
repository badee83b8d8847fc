/** Tests that a damaged stream is noticed, wherever the network cuts it. */
@NullMarked
package dev.penstock.benchmarks.load;

import org.jspecify.annotations.NullMarked;
