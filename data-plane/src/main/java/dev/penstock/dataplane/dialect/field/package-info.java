/**
 * Reads the fields of a client's request under the client's own names, so that a refusal can tell
 * them. It knows JSON and no dialect, and never what a field means.
 */
@NullMarked
package dev.penstock.dataplane.dialect.field;

import org.jspecify.annotations.NullMarked;
