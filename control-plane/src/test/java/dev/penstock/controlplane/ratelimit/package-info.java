@NullMarked
package dev.penstock.controlplane.ratelimit;

import org.jspecify.annotations.NullMarked;
