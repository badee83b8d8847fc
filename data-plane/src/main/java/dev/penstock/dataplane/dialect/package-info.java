/**
 * What all dialects have in common: the words that a request, an answer and a refusal are
 * translated through, and the one table of what a translation loses. It never knows a wire format;
 * each has a package of its own below.
 */
@NullMarked
package dev.penstock.dataplane.dialect;

import org.jspecify.annotations.NullMarked;
