/**
 * Writes JSON, bodies with a generator and pieces of a stream from prepared bytes, and looks at
 * JSON that nobody parses. It knows no dialect.
 */
@NullMarked
package dev.penstock.dataplane.dialect.json;

import org.jspecify.annotations.NullMarked;
