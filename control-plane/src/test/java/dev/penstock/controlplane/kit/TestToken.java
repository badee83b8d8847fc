package dev.penstock.controlplane.kit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A token as the tests' identity provider would make it; a step changes one thing about it. */
public record TestToken(Map<String, Object> header, Map<String, Object> claims) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A valid one of somebody without any role. */
  public static TestToken of(String user) {
    Instant now = Instant.now();
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", TestIdentityProvider.issuer());
    claims.put("aud", List.of("penstock-admin", "account"));
    claims.put("sub", "id-of-" + user);
    claims.put("typ", "Bearer");
    claims.put("preferred_username", user);
    claims.put("iat", now.getEpochSecond());
    claims.put("exp", now.plusSeconds(300).getEpochSecond());
    claims.put("acr", "1");
    return new TestToken(
        Map.of("alg", "RS256", "typ", "JWT", "kid", TestIdentityProvider.keyId()), claims);
  }

  public TestToken with(String claim, Object value) {
    Map<String, Object> changed = new LinkedHashMap<>(claims);
    changed.put(claim, value);
    return new TestToken(header, changed);
  }

  public TestToken withHeader(String field, Object value) {
    Map<String, Object> changed = new LinkedHashMap<>(header);
    changed.put(field, value);
    return new TestToken(changed, claims);
  }

  /** Client roles of the audience. */
  public TestToken roles(String... roles) {
    return with("resource_access", Map.of("penstock-admin", Map.of("roles", List.of(roles))));
  }

  public TestToken organizations(String... aliases) {
    return with("organization", List.of(aliases));
  }

  /** As after a strong login so many seconds ago. */
  public TestToken steppedUp(long secondsAgo) {
    return with("acr", "step-up")
        .with("auth_time", Instant.now().minusSeconds(secondsAgo).getEpochSecond());
  }

  public String sign() {
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(TestIdentityProvider.key());
      String signed = base64(JSON.writeValueAsBytes(header)) + "." + base64(payload());
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + base64(signature.sign());
    } catch (GeneralSecurityException | JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** With a header that says that there is nothing to verify. */
  public String unsigned() {
    try {
      return base64(JSON.writeValueAsBytes(Map.of("alg", "none"))) + "." + base64(payload()) + ".";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] payload() throws JsonProcessingException {
    return JSON.writeValueAsBytes(claims);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
