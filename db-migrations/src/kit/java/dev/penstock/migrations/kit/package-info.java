/**
 * A Postgres for tests of this module and of those that build on it; their builds take this folder in as test sources. Never
 * part of what runs in production.
 */
@NullMarked
package dev.penstock.migrations.kit;

import org.jspecify.annotations.NullMarked;
