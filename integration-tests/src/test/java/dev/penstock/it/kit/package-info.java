/**
 * What the tests stand on: a real installation, and every kind of client that talks to one.
 *
 * <p>{@link dev.penstock.it.kit.PenstockTester} starts an installation and hands out {@link
 * dev.penstock.it.kit.Application}s, each a tenant of its own with a key and a model of its own, so
 * that tests share the processes and nothing else. {@link dev.penstock.it.kit.SharedStack} gives
 * the ordinary tests one installation for all; {@link dev.penstock.it.kit.FaultStack} gives those
 * that kill things another.
 */
@NullMarked
package dev.penstock.it.kit;

import org.jspecify.annotations.NullMarked;
