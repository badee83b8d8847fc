@NullMarked
package dev.penstock.controlplane.route;

import org.jspecify.annotations.NullMarked;
