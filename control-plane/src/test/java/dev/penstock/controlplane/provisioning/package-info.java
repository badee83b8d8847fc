/** What is noted for the identity provider, and when; without one. */
@NullMarked
package dev.penstock.controlplane.provisioning;

import org.jspecify.annotations.NullMarked;
