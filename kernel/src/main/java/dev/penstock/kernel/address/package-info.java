/** The form of the addresses that nodes are told to call; where one leads is judged elsewhere. */
@NullMarked
package dev.penstock.kernel.address;

import org.jspecify.annotations.NullMarked;
