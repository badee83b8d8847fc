/** Many nodes and many tenants: figures, measured on request. */
@NullMarked
package dev.penstock.it.fleet;

import org.jspecify.annotations.NullMarked;
