/** The format of API keys and the keyed hash they are compared by; it never stores a key. */
@NullMarked
package dev.penstock.kernel.apikey;

import org.jspecify.annotations.NullMarked;
