/**
 * One exchange's way from the client's dialect to a provider's and back. It never knows a wire
 * format; codecs do.
 */
@NullMarked
package dev.penstock.dataplane.translate;

import org.jspecify.annotations.NullMarked;
