/** Resources as rows of the database: one a resource, found by its owner and name. */
@NullMarked
package dev.penstock.controlplane.row;

import org.jspecify.annotations.NullMarked;
