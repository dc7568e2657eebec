package io.clientele.campaignresponse.contact;

import io.clientele.contracts.MemberId;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A reason to think of contacting a member.
 *
 * @param member whom
 * @param segment for which segment
 * @param name what it was; the same occasion has the same name whenever it is looked at
 */
record Occasion(MemberId member, SegmentKey segment, String name) {
    /**
     * The id of the contact that comes of it: a hash, so that the same occasion never makes two,
     * and that it says nothing about the member.
     */
    String contact(ProgramId program, String campaign) {
        try {
            var text = program + ":" + campaign + ":" + member + ":" + name;
            var hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return "c-" + HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
