package io.clientele.profile.member;

import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.contracts.Identity;
import io.clientele.profile.ProfileError;
import io.clientele.profile.identity.IdentityHash;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What an edit of a member through the API says, as properties of an event {@code profile.updated}
 * and identities to link. Only what differs from the present is said.
 *
 * @param properties of the event; empty if nothing differs
 * @param identities to link, in the order given
 */
record MemberEdit(Map<String, Object> properties, List<Identity> identities) {
    private static final Set<String> WRITABLE =
            Set.of("attributes", "consents", "preferences", "identities");
    private static final Set<String> READABLE =
            Set.of(
                    "id",
                    "kind",
                    "loyalty",
                    "unknownAttributes",
                    "declaredAt",
                    "createdAt",
                    "updatedAt");

    boolean isEmpty() {
        return properties.isEmpty() && identities.isEmpty();
    }

    /**
     * The difference between a member and what it shall be.
     *
     * @param present the member, or null if there is none
     * @param wanted the whole of what callers may write, and anything they have read
     */
    static MemberEdit between(@Nullable Member present, Map<String, Object> wanted) {
        return new Difference(present, wanted, true).edit();
    }

    /**
     * What a JSON Merge Patch (RFC 7396) changes.
     *
     * @param present the member
     * @param patch the patch
     */
    static MemberEdit of(Member present, Map<String, Object> patch) {
        return new Difference(present, patch, false).edit();
    }

    private static final class Difference {
        private final @Nullable Member present;
        private final Map<String, Object> wanted;
        private final boolean whole;
        private final List<FieldError> errors = new ArrayList<>();

        private Difference(@Nullable Member present, Map<String, Object> wanted, boolean whole) {
            this.present = present;
            this.wanted = wanted;
            this.whole = whole;
        }

        private MemberEdit edit() {
            checkNames();
            var properties = new LinkedHashMap<String, Object>();
            var attributes =
                    values(
                            "attributes",
                            name ->
                                    !name.startsWith("consent.")
                                            && !name.startsWith("preference.")
                                            && !name.startsWith("loyalty."),
                            "");
            if (!attributes.isEmpty()) {
                properties.put("attributes", attributes);
            }
            var preferences =
                    values("preferences", name -> name.startsWith("preference."), "preference.");
            if (!preferences.isEmpty()) {
                properties.put("preferences", preferences);
            }
            var consents = consents();
            if (!consents.isEmpty()) {
                properties.put("consents", consents);
            }
            var identities = identities();
            if (!errors.isEmpty()) {
                throw new RequestException(
                        ProfileError.MEMBER_INVALID, "The member cannot be so.", errors);
            }
            return new MemberEdit(properties, identities);
        }

        private void checkNames() {
            for (var name : wanted.keySet()) {
                if (!WRITABLE.contains(name) && !READABLE.contains(name)) {
                    errors.add(
                            new FieldError(
                                    "/" + name,
                                    "unknown; may be written: attributes, consents,"
                                            + " preferences, identities"));
                }
            }
            var kind = wanted.get("kind");
            var is = present == null ? "prospect" : Declarations.json(present.kind());
            if (kind != null && !is.replace("\"", "").equals(kind)) {
                errors.add(
                        new FieldError(
                                "/kind",
                                "follows from events: an enrollment or a purchase makes a"
                                        + " member"));
            }
            var loyalty = wanted.get("loyalty");
            if (loyalty != null && !loyaltyIs(loyalty)) {
                errors.add(
                        new FieldError(
                                "/loyalty",
                                "follows from events: tier.changed and points.earned, .spent,"
                                        + " .expired"));
            }
        }

        private boolean loyaltyIs(Object loyalty) {
            if (!(loyalty instanceof Map<?, ?> map)) {
                return false;
            }
            for (var entry : map.entrySet()) {
                var json = presentJson("loyalty." + entry.getKey());
                var value = entry.getValue();
                if (!Objects.equals(json, value == null ? null : Declarations.json(value))) {
                    return false;
                }
            }
            return true;
        }

        private @Nullable String presentJson(String name) {
            var version = present == null ? null : present.attributes().get(name);
            return version == null ? null : version.declared().json();
        }

        /** The values that differ; null for those that shall be taken away. */
        private Map<String, @Nullable Object> values(
                String property, Predicate<String> family, String prefix) {
            var differing = new LinkedHashMap<String, @Nullable Object>();
            var given = wanted.get(property);
            if (given != null && !(given instanceof Map)) {
                errors.add(new FieldError("/" + property, "expected an object"));
                return differing;
            }
            Map<?, ?> values = given instanceof Map<?, ?> map ? map : Map.of();
            values.forEach((key, value) -> {
                var name = String.valueOf(key);
                var json = value == null ? null : Declarations.json(value);
                if (!Objects.equals(json, presentJson(prefix + name)) && !isDerived(name, prefix)) {
                    differing.put(name, value);
                }
            });
            boolean takesAway = whole || wanted.containsKey(property) && given == null;
            if (takesAway && present != null) {
                for (var version : present.attributes().values()) {
                    var declared = version.declared();
                    if (family.test(declared.name())
                            && declared.json() != null
                            && declared.scope() != Declared.Scope.ASIDE
                            && !isDerived(declared.name(), prefix)) {
                        var name = declared.name().substring(prefix.length());
                        if (!values.containsKey(name)) {
                            differing.put(name, null);
                        }
                    }
                }
            }
            return differing;
        }

        /** Attributes that follow from others; a caller may send back what it has read. */
        private static boolean isDerived(String name, String prefix) {
            return prefix.isEmpty()
                    && (name.startsWith("reachable.") || name.startsWith("enrollment."));
        }

        private List<Map<String, Object>> consents() {
            var changed = new ArrayList<Map<String, Object>>();
            var given = wanted.get("consents");
            if (given == null) {
                return changed;
            }
            if (!(given instanceof List<?> list)) {
                errors.add(new FieldError("/consents", "expected an array"));
                return changed;
            }
            var named = new LinkedHashSet<String>();
            int index = 0;
            for (var element : list) {
                if (element instanceof Map<?, ?> consent
                        && consent.get("purpose") instanceof String purpose
                        && consent.get("channel") instanceof String channel
                        && consent.get("granted") instanceof Boolean granted) {
                    var name = "consent." + purpose + "." + channel;
                    named.add(name);
                    if (!granted.toString().equals(presentJson(name))) {
                        var said = new LinkedHashMap<String, Object>();
                        said.put("purpose", purpose);
                        said.put("channel", channel);
                        said.put("granted", granted);
                        if (consent.get("proof") instanceof String proof) {
                            said.put("proof", proof);
                        }
                        changed.add(said);
                    }
                } else {
                    errors.add(
                            new FieldError(
                                    "/consents/" + index, "expected purpose, channel and granted"));
                }
                index++;
            }
            if (present != null) {
                for (var name : present.attributes().keySet()) {
                    if (name.startsWith("consent.")
                            && !named.contains(name)
                            && "true".equals(presentJson(name))) {
                        var parts = name.split("\\.", 3);
                        changed.add(
                                Map.of("purpose", parts[1], "channel", parts[2], "granted", false));
                    }
                }
            }
            return changed;
        }

        private List<Identity> identities() {
            var added = new ArrayList<Identity>();
            var given = wanted.get("identities");
            if (given == null) {
                return added;
            }
            if (!(given instanceof List<?> list)) {
                errors.add(new FieldError("/identities", "expected an array"));
                return added;
            }
            var named = new LinkedHashSet<Identity>();
            int index = 0;
            for (var element : list) {
                var identity = identity(element);
                if (identity == null) {
                    errors.add(
                            new FieldError(
                                    "/identities/" + index,
                                    "expected type (1 to 63 of a-z, 0-9, -) and value (1 to 256"
                                            + " characters)"));
                } else {
                    named.add(identity);
                }
                index++;
            }
            for (var identity : named) {
                if (present == null || !present.identities().contains(identity)) {
                    added.add(identity);
                }
            }
            if (present != null && !named.containsAll(present.identities())) {
                errors.add(
                        new FieldError(
                                "/identities", "identities can be added here, not taken away"));
            }
            return added;
        }

        private static @Nullable Identity identity(@Nullable Object element) {
            if (element instanceof Map<?, ?> map
                    && map.get("type") instanceof String type
                    && type.matches("[a-zA-Z0-9][a-zA-Z0-9-]{0,62}")
                    && map.get("value") instanceof String value
                    && IdentityHash.isWritable(value)) {
                try {
                    return new Identity(type, value);
                } catch (IllegalArgumentException e) {
                    return null;
                }
            }
            return null;
        }
    }
}
