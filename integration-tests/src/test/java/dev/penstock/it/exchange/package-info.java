/** What an application sees of a gateway, through the clients that applications use. */
@NullMarked
package dev.penstock.it.exchange;

import org.jspecify.annotations.NullMarked;
