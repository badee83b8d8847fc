/**
 * The console: pages for people, and the backend that fetches what they show.
 *
 * <p>A browser gets pages and data, and never a token: {@link dev.penstock.uiapi.signin} keeps
 * those in encrypted cookies that no script can read, and {@link dev.penstock.uiapi.admin} sends
 * them along to the admin API, which alone decides who may do what. Nothing here touches the
 * database or a node.
 */
@NullMarked
package dev.penstock.uiapi;

import org.jspecify.annotations.NullMarked;
