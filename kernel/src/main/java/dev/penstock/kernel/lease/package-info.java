/** Budget leases without I/O: the node's book of them, and the rule by which grants are sized. */
@NullMarked
package dev.penstock.kernel.lease;

import org.jspecify.annotations.NullMarked;
