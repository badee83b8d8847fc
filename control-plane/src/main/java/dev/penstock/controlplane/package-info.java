/**
 * The control plane: who may do what. It stores, decides, compiles snapshots and pushes them.
 *
 * <p>One package per feature: a record, what others may call, entities that never leave the
 * package, and rules without a framework. A write takes one path: {@code manifest} reads it, the
 * feature stores it, {@code policy} proves the whole consistent, {@code snapshot} compiles what the
 * nodes of each region get; all in one transaction and one revision.
 */
@NullMarked
package dev.penstock.controlplane;

import org.jspecify.annotations.NullMarked;
