/**
 * The description of the admin API: what the annotations of the endpoints say, completed while the
 * application is built by {@link dev.penstock.controlplane.openapi.ApiDescription}.
 */
@NullMarked
package dev.penstock.controlplane.openapi;

import org.jspecify.annotations.NullMarked;
