package io.clientele.profile.identity;

import io.clientele.contracts.Identity;
import io.clientele.contracts.ProgramId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.text.Normalizer;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Names identities by HMAC-SHA256, so that nobody without the key can tell whose they are. */
@ApplicationScoped
public class IdentityHash {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int SHORTEST_KEY_BYTES = 32;

    private final SecretKeySpec key;

    @Inject
    IdentityHash(IdentityConfig config) {
        this(config.key());
    }

    /**
     * Checks the key.
     *
     * @param base64 at least 32 bytes
     * @throws IllegalArgumentException if it is not that
     */
    public IdentityHash(String base64) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("CLIENTELE_IDENTITY_KEY must be base64");
        }
        if (bytes.length < SHORTEST_KEY_BYTES) {
            throw new IllegalArgumentException(
                    "CLIENTELE_IDENTITY_KEY must have at least "
                            + SHORTEST_KEY_BYTES
                            + " bytes, has "
                            + bytes.length);
        }
        this.key = new SecretKeySpec(bytes, ALGORITHM);
    }

    /**
     * The key of an identity in the store: {@code program:type:hash}. Two spellings of one e-mail
     * address or telephone number have the same key.
     */
    public String keyOf(ProgramId program, Identity identity) {
        var text = program + "\0" + identity.type() + "\0" + normalize(identity);
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            var hash = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
            return program + ":" + identity.type() + ":" + HexFormat.of().formatHex(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    /** True if every encoding can hold {@code text}; half a surrogate pair cannot be stored. */
    public static boolean isWritable(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    /** E-mail addresses in lower case, telephone numbers as digits, all in NFC without blanks. */
    static String normalize(Identity identity) {
        var value = Normalizer.normalize(identity.value().strip(), Normalizer.Form.NFC);
        return switch (identity.type()) {
            case "email" -> value.toLowerCase(Locale.ROOT);
            case "phone" -> value.replaceAll("[\\s().\\-/]", "");
            default -> value;
        };
    }
}
