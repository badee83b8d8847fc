/**
 * The development certificate authority, made at the first start and kept.
 *
 * <p>{@link dev.penstock.cli.pki.DevelopmentPki} is what a start asks for the files of each
 * process; {@link dev.penstock.cli.pki.CertificateAuthority} issues, {@link
 * dev.penstock.cli.pki.Pem} is the file format. For one machine only: production brings its own.
 */
@NullMarked
package dev.penstock.cli.pki;

import org.jspecify.annotations.NullMarked;
