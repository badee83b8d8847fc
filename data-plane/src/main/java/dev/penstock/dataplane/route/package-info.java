/** Which deployments are tried, and in which order. */
@NullMarked
package dev.penstock.dataplane.route;

import org.jspecify.annotations.NullMarked;
