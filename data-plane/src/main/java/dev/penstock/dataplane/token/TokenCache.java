package dev.penstock.dataplane.token;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Tokens that have been proven, by their digests: a token itself is never kept. The one that has
 * not been used for longest gives way. Owned by one event loop.
 */
final class TokenCache {

  static final int MOST = 1024;

  private final MessageDigest sha256;
  private final Map<ByteBuffer, VerifiedToken> tokens =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, VerifiedToken> eldest) {
          return size() > MOST;
        }
      };

  TokenCache() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every platform has SHA-256", impossible);
    }
  }

  /** Empty also where the token has expired since. */
  Optional<VerifiedToken> find(String token, long nowUnixMillis) {
    ByteBuffer digest = digest(token);
    VerifiedToken known = tokens.get(digest);
    if (known != null && known.expiresAtUnixMillis() <= nowUnixMillis) {
      tokens.remove(digest);
      return Optional.empty();
    }
    return Optional.ofNullable(known);
  }

  void put(String token, VerifiedToken verified) {
    tokens.put(digest(token), verified);
  }

  void clear() {
    tokens.clear();
  }

  int size() {
    return tokens.size();
  }

  private ByteBuffer digest(String token) {
    return ByteBuffer.wrap(sha256.digest(token.getBytes(StandardCharsets.UTF_8)));
  }
}
