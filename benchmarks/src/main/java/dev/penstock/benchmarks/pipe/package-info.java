/** The bare pipe: the least a gateway on Vert.x's HTTP layer can do, as a process of its own. */
@NullMarked
package dev.penstock.benchmarks.pipe;

import org.jspecify.annotations.NullMarked;
