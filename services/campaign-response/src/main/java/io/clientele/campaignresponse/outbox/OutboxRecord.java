package io.clientele.campaignresponse.outbox;

import io.clientele.contracts.MemberId;
import io.clientele.contracts.ProgramId;
import org.jspecify.annotations.Nullable;

/**
 * What is to be told.
 *
 * @param topic where
 * @param program whose
 * @param key the record's key
 * @param id the CloudEvents id: the same record again has the same
 * @param type the CloudEvents type
 * @param contact the contact it is, or null if it is something else
 * @param body the JSON value
 */
public record OutboxRecord(
        String topic,
        ProgramId program,
        String key,
        String id,
        String type,
        @Nullable String contact,
        byte[] body) {
    /** The key of everything about a member. */
    public static String keyOf(ProgramId program, MemberId member) {
        return program + ":" + member;
    }
}
