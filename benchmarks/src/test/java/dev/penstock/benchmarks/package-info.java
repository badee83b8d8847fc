/** Tests that the harness works and checks what it claims to check; no test judges a time. */
@NullMarked
package dev.penstock.benchmarks;

import org.jspecify.annotations.NullMarked;
