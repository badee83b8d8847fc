package dev.penstock.dataplane.exchange;

import dev.penstock.dataplane.dialect.anthropic.ApiVersion;
import dev.penstock.dataplane.exchange.Refusal.Code;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a client of Anthropic's API says in headers and its provider has to know. Source: Anthropic
 * API reference, "Versions" and "Beta headers".
 *
 * @param version such as {@code 2023-06-01}; never empty
 * @param betas names of features with commas between them; often empty
 */
public record AnthropicHeaders(String version, String betas) {

  static final String VERSION = "anthropic-version";
  private static final String BETA = "anthropic-beta";

  /** Every client states its version; who does not is taken for an old one. */
  static final AnthropicHeaders NONE = new AnthropicHeaders(ApiVersion.V2023_06_01.word(), "");

  private static final int MAX_BETAS_LENGTH = 1024;
  private static final Pattern VERSION_FORM = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
  private static final Pattern BETAS_FORM = Pattern.compile("[A-Za-z0-9._, -]*");

  /** As they came; {@link #check} says whether they may go on. */
  static AnthropicHeaders of(HttpServerRequest request) {
    String version = request.getHeader(VERSION);
    String betas = String.join(",", request.headers().getAll(BETA));
    return version == null && betas.isEmpty()
        ? NONE
        : new AnthropicHeaders(version == null ? NONE.version : version, betas);
  }

  /**
   * The version as who translates has to know it.
   *
   * @throws RefusedException where it is not known
   */
  ApiVersion apiVersion() {
    return ApiVersion.read(Optional.of(version));
  }

  /** Why they are refused; null if they are not. */
  @Nullable Refusal check() {
    if (!VERSION_FORM.matcher(version).matches()) {
      return Refusal.ofField(
          Code.INVALID_REQUEST,
          VERSION,
          "The header anthropic-version must be a date such as 2023-06-01.");
    }
    if (betas.length() > MAX_BETAS_LENGTH || !BETAS_FORM.matcher(betas).matches()) {
      return Refusal.ofField(
          Code.INVALID_REQUEST,
          BETA,
          "The header anthropic-beta must name features with commas between them, in at most "
              + MAX_BETAS_LENGTH
              + " characters.");
    }
    return null;
  }
}
