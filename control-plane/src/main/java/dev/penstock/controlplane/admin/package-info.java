/** The admin API's endpoints for everything that has a manifest; no rules in here. */
@NullMarked
package dev.penstock.controlplane.admin;

import org.jspecify.annotations.NullMarked;
