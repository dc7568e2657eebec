package io.clientele.common.paging;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param items in the list's order
 * @param next the cursor of what follows, or null at the end
 * @param asOf the instant that all of it is true of
 * @param <T> what is listed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Page<T>(List<T> items, @Nullable String next, Instant asOf) {
    /** Takes a copy. */
    public Page {
        items = List.copyOf(items);
    }
}
