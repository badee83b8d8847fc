/**
 * Writes JSON: bodies with a generator, pieces of a stream from prepared bytes. It knows no
 * dialect.
 */
@NullMarked
package dev.penstock.dataplane.dialect.json;

import org.jspecify.annotations.NullMarked;
