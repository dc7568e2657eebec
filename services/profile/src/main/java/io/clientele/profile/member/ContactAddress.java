package io.clientele.profile.member;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a member is reached through a channel, or why not.
 *
 * @param member the member asked for
 * @param channel the channel asked for
 * @param address such as an e-mail address; absent if there is a problem
 * @param fields values of the attributes asked for, as text; empty text for one that is unset
 * @param problem {@code no-consent}, {@code no-address} or {@code unknown-member}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ContactAddress(
        String member,
        String channel,
        @Nullable String address,
        Map<String, String> fields,
        @Nullable String problem) {
    /** Takes a copy. */
    public ContactAddress {
        fields = Collections.unmodifiableMap(new TreeMap<>(fields));
    }

    static ContactAddress problem(Wish wish, String problem) {
        return new ContactAddress(wish.member(), wish.channel(), null, Map.of(), problem);
    }

    /**
     * What is asked.
     *
     * @param purpose what for: only members who consent to it through the channel are told of
     * @param members who
     */
    public record Question(@Nullable String purpose, @Nullable List<Wish> members) {}

    /**
     * One member asked for.
     *
     * @param member who
     * @param channel through which channel
     * @param fields attributes whose values are wanted
     */
    public record Wish(String member, String channel, @Nullable List<String> fields) {
        /** Checks that a member and a channel are named. */
        public Wish {
            Objects.requireNonNull(member, "member");
            Objects.requireNonNull(channel, "channel");
        }
    }
}
