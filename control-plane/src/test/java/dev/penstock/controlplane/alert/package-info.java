/** Alerts on their way to whoever is told. */
@NullMarked
package dev.penstock.controlplane.alert;

import org.jspecify.annotations.NullMarked;
