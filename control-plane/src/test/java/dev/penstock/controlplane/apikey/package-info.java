@NullMarked
package dev.penstock.controlplane.apikey;

import org.jspecify.annotations.NullMarked;
