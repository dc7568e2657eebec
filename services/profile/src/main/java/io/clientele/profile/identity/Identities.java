package io.clientele.profile.identity;

import io.clientele.contracts.MemberId;
import java.util.Collection;
import java.util.Map;

/** Which member each identity belongs to, by {@link IdentityHash#keyOf}. */
public interface Identities {
    /** The owners of those of {@code keys} that have one. */
    Map<String, MemberId> find(Collection<String> keys);

    /**
     * Gives each key to the member wanted for it, unless it has an owner.
     *
     * @return the owners of all of them, whoever was first
     */
    Map<String, MemberId> claim(Map<String, MemberId> wanted);
}
