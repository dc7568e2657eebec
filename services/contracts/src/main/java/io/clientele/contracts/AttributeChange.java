package io.clientele.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attribute of a member taking a value at an instant. The value in force at t is the one with
 * the greatest ({@code at}, {@code source}, {@code id}) not after t. A change of the same name,
 * instant, source and id as an earlier one takes its place: where points come out of order, or are
 * taken back, the balances after them are restated under the events that they belong to.
 *
 * @param name the attribute, or a built-in operand: {@code loyalty.tier}, {@code loyalty.points},
 *     {@code membershipType}, {@code enrollment.channel}, {@code preference.channel}, {@code
 *     consent.<purpose>.<channel>}, {@code reachable.<channel>}. Never one marked personal
 * @param value a JSON value of the attribute's type; null takes the attribute away
 * @param at since when it holds
 * @param source the event that declared it: its source
 * @param id and its id
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record AttributeChange(
        String name, @Nullable Object value, Instant at, String source, String id) {}
