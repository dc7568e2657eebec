package io.clientele.profile.identity;

import io.smallrye.config.ConfigMapping;

/** How identities are hashed. */
@ConfigMapping(prefix = "clientele.identity")
public interface IdentityConfig {
    /**
     * The secret key of the hash, base64, at least 32 bytes. With another key no identity is found
     * again: it stays the same as long as the store does.
     */
    String key();
}
