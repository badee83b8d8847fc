/** Files that hold secrets of the node; what stands in them is no concern of this package. */
@NullMarked
package dev.penstock.dataplane.disk;

import org.jspecify.annotations.NullMarked;
