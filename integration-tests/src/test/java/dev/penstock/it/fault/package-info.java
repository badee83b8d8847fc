/** What survives when something is killed. */
@NullMarked
package dev.penstock.it.fault;

import org.jspecify.annotations.NullMarked;
