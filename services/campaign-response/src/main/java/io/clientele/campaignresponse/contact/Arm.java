package io.clientele.campaignresponse.contact;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.clientele.contracts.MemberId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;

/** The two sides of a campaign's comparison. */
public enum Arm {
    /** Is contacted. */
    @JsonProperty("treated")
    TREATED,
    /** Would have been, and is not, to see what happens without. */
    @JsonProperty("control")
    CONTROL;

    /** As in JSON and in the database. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The arm of a {@link #key()}. */
    public static Arm of(String key) {
        return valueOf(key.toUpperCase(Locale.ROOT));
    }

    /**
     * The arm of a member: the same every time, independent of other campaigns, and not to be
     * foreseen without the salt. The first 8 bytes of SHA-256 over salt and member, as a fraction
     * of their range, are compared with the share.
     *
     * @param salt the campaign's
     * @param share of members in the control arm, 0 to 1
     */
    static Arm of(String salt, MemberId member, double share) {
        long bits = ByteBuffer.wrap(sha256(salt + ":" + member)).getLong();
        double fraction = (bits >>> 11) * 0x1.0p-53;
        return fraction < share ? CONTROL : TREATED;
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
