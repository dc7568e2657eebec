package io.clientele.profile.member;

import io.clientele.contracts.Identity;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which members are looked for: those that have all of it. Nothing given: all.
 *
 * @param identity an identifier of the member
 * @param attributes names and values
 */
public record MemberSearch(@Nullable Identity identity, @Nullable Map<String, Object> attributes) {}
