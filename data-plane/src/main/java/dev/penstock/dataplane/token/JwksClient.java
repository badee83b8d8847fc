package dev.penstock.dataplane.token;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import dev.penstock.dataplane.config.TokenIssuer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Fetches the identity provider's keys: from where it is told to, or from where the provider's
 * discovery document (OpenID Connect Discovery 1.0, section 4) says.
 */
public final class JwksClient {

  private static final String DISCOVERY = "/.well-known/openid-configuration";
  private static final int MAX_ANSWER_BYTES = 64 * 1024;
  private static final int TIMEOUT_SECONDS = 5;
  private static final int MIN_RSA_BITS = 2048; // RFC 7518, section 3.3
  private static final int OK = 200;

  private final TokenIssuer issuer;
  private final HttpClient http;

  public JwksClient(Vertx vertx, TokenIssuer issuer) {
    this.issuer = issuer;
    HttpClientOptions options =
        new HttpClientOptions()
            .setVerifyHost(true)
            .setConnectTimeout((int) TimeUnit.SECONDS.toMillis(TIMEOUT_SECONDS));
    issuer
        .ca()
        .ifPresent(ca -> options.setTrustOptions(new PemTrustOptions().addCertPath(ca.toString())));
    http = vertx.createHttpClient(options);
  }

  /** The keys that tokens may be signed with; fails where there is none. */
  Future<JWKSet> fetch() {
    return issuer
        .jwksUrl()
        .map(Future::succeededFuture)
        .orElseGet(() -> get(URI.create(issuer.issuer() + DISCOVERY)).compose(this::jwksUrl))
        .compose(this::get)
        .compose(JwksClient::signingKeys);
  }

  private Future<URI> jwksUrl(String document) {
    try {
      Map<String, Object> said = JSONObjectUtils.parse(document);
      if (!issuer.issuer().equals(JSONObjectUtils.getString(said, "issuer"))) {
        return failed("its discovery document is of another issuer");
      }
      URI url = JSONObjectUtils.getURI(said, "jwks_uri");
      return url != null && TokenIssuer.isTrustworthy(url)
          ? Future.succeededFuture(url)
          : failed("its discovery document names no https address of keys");
    } catch (ParseException malformed) {
      return failed("its discovery document is not one");
    }
  }

  private static Future<JWKSet> signingKeys(String document) {
    try {
      List<JWK> keys =
          JWKSet.parse(document).getKeys().stream().filter(JwksClient::maySign).toList();
      return keys.isEmpty()
          ? failed("there is no key to sign with among its keys")
          : Future.succeededFuture(new JWKSet(keys));
    } catch (ParseException malformed) {
      return failed("its keys are not a JWK set");
    }
  }

  private static boolean maySign(JWK key) {
    boolean strong =
        switch (key) {
          case RSAKey rsa -> rsa.size() >= MIN_RSA_BITS;
          case ECKey curve -> true;
          default -> false;
        };
    return strong
        && !key.isPrivate()
        && key.getKeyID() != null
        && (key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE));
  }

  private Future<String> get(URI url) {
    return http.request(
            new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(url.toString())
                .putHeader("accept", "application/json"))
        .compose(request ->
            request
                .send()
                .compose(JwksClient::body)
                .timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .onFailure(failure -> request.reset()));
  }

  private static Future<String> body(HttpClientResponse response) {
    response.exceptionHandler(ignored -> {}); // what is not read to its end is reset
    if (response.statusCode() != OK) {
      return failed("it answers " + response.statusCode());
    }
    Promise<String> whole = Promise.promise();
    Buffer body = Buffer.buffer();
    response.exceptionHandler(whole::tryFail);
    response.endHandler(end -> whole.tryComplete(body.toString(StandardCharsets.UTF_8)));
    response.handler(part -> {
      if (body.length() + part.length() > MAX_ANSWER_BYTES) {
        whole.tryFail(new IOException("it answers more than %d bytes".formatted(MAX_ANSWER_BYTES)));
      } else {
        body.appendBuffer(part);
      }
    });
    return whole.future();
  }

  private static <T> Future<T> failed(String why) {
    return Future.failedFuture(new IOException(why));
  }
}
