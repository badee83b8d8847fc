/** Who is asking: an API key becomes a tenant, or the exchange ends here. */
@NullMarked
package dev.penstock.dataplane.authenticate;

import org.jspecify.annotations.NullMarked;
