package io.clientele.campaignresponse.contact;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.clientele.contracts.MemberId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where to send a contact, or why not to.
 *
 * @param contact its id
 * @param member whom it is for
 * @param channel how
 * @param address such as an e-mail address
 * @param fields values for the personal fields of its message; an unset one is empty text
 * @param problem {@code unknown-contact}, {@code no-consent} or {@code no-address}; all but the
 *     contact is absent then
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ContactAddress(
        String contact,
        @Nullable MemberId member,
        @Nullable String channel,
        @Nullable String address,
        @Nullable Map<String, Object> fields,
        @Nullable String problem) {
    static ContactAddress problem(String contact, String problem) {
        return new ContactAddress(contact, null, null, null, null, problem);
    }
}
