/** Has this been answered before. This build has no response cache; every exchange goes on. */
@NullMarked
package dev.penstock.dataplane.cache;

import org.jspecify.annotations.NullMarked;
