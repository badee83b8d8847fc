/** What is measured: nothing in between, nginx, a bare Vert.x pipe, and Penstock. */
@NullMarked
package dev.penstock.benchmarks.target;

import org.jspecify.annotations.NullMarked;
