/**
 * Lists: filtered, sorted and cut into pages, with cursors that stay right under every sort.
 *
 * <p>A {@link dev.penstock.controlplane.listing.ListQuery} is what a request asks of a list; {@link
 * dev.penstock.controlplane.listing.MemoryList} answers it over what is in memory, {@link
 * dev.penstock.controlplane.listing.TableList} writes it as a query over a table.
 */
@NullMarked
package dev.penstock.controlplane.listing;

import org.jspecify.annotations.NullMarked;
