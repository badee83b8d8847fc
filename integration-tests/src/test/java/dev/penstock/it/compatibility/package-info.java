/**
 * What official SDKs make of every provider through the gateway, cell by cell; here no SDK is asked
 * in another way than its own documentation shows, and nothing is judged by the gateway's own code.
 */
@org.jspecify.annotations.NullMarked
package dev.penstock.it.compatibility;
