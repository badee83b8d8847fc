/** What tests of the control plane stand on: a migrated Postgres, keys and an admin's client. */
@NullMarked
package dev.penstock.controlplane.kit;

import org.jspecify.annotations.NullMarked;
