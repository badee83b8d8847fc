/** Routes: how a model name that clients ask for becomes an ordered choice of deployments. */
@NullMarked
package dev.penstock.controlplane.route;

import org.jspecify.annotations.NullMarked;
