/**
 * Whether a bearer token is one that the identity provider made for a program, for this gateway:
 * {@link dev.penstock.dataplane.token.IssuerKeys} fetches the provider's keys in the background,
 * {@link dev.penstock.dataplane.token.TokenCheck} judges a token by them. Nothing here asks the
 * provider about a token, blocks an event loop, keeps a token or knows what its bearer may do.
 */
@NullMarked
package dev.penstock.dataplane.token;

import org.jspecify.annotations.NullMarked;
