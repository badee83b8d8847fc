/** Who is asking: an API key or a token becomes a tenant's, or the exchange ends here. */
@NullMarked
package dev.penstock.dataplane.authenticate;

import org.jspecify.annotations.NullMarked;
