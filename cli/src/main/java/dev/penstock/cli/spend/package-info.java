/** What requests add up to, for people and their spreadsheets; the control plane adds up. */
@NullMarked
package dev.penstock.cli.spend;

import org.jspecify.annotations.NullMarked;
