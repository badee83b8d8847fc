/**
 * Who somebody is: the code flow with the identity provider, and the session that comes of it.
 *
 * <p>{@link dev.penstock.uiapi.signin.SignInResource} sends a browser there and takes it back,
 * {@link dev.penstock.uiapi.signin.IdentityProvider} says how, {@link
 * dev.penstock.uiapi.signin.SignedInFilter} lets nobody else at the data. The provider may be away:
 * everything here then says so, and the rest of the console starts and runs.
 */
@NullMarked
package dev.penstock.uiapi.signin;

import org.jspecify.annotations.NullMarked;
