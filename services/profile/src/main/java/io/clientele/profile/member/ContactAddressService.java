package io.clientele.profile.member;

import com.mongodb.MongoException;
import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.common.problem.TransientException;
import io.clientele.contracts.Identity;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.ProgramId;
import io.clientele.profile.ProfileError;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells where members are reached, at sending; only those who consent. An attribute goes before an
 * identity, and of identities the latest. Thread-safe.
 */
@ApplicationScoped
class ContactAddressService {
    private static final int MOST = 1_000;
    private static final int MOST_FIELDS = 50;

    /** The attribute that holds the address of a channel. */
    private static final Map<String, String> ATTRIBUTES =
            Map.of("email", "email", "sms", "phone", "phone", "phone");

    /** The type of the identity that is the address of a channel. */
    private static final Map<String, String> IDENTITIES =
            Map.of("email", "email", "sms", "phone", "phone", "phone", "push", "device");

    private static final List<String> POSTAL = List.of("street", "postalCode", "city", "country");

    private final MemberRepository members;

    @Inject
    ContactAddressService(MemberRepository members) {
        this.members = members;
    }

    /**
     * An answer for each member asked for, in their order.
     *
     * @throws RequestException 422 if the question is none
     */
    List<ContactAddress> addresses(ProgramId program, ContactAddress.@Nullable Question question) {
        var purpose = question == null ? null : question.purpose();
        var wishes = question == null ? null : question.members();
        if (purpose == null || wishes == null || wishes.size() > MOST) {
            throw new RequestException(
                    ProfileError.MEMBER_INVALID,
                    "Send {\"purpose\",\"members\":[{\"member\",\"channel\",\"fields\"}]} with at"
                            + " most "
                            + MOST
                            + " members.",
                    List.of(new FieldError("/members", "expected at most " + MOST)));
        }
        var keys = new HashMap<String, String>();
        for (var wish : wishes) {
            key(program, wish).ifPresent(key -> keys.put(wish.member(), key));
        }
        Map<String, Member.State> found;
        try {
            found = members.findAll(keys.values());
        } catch (MongoException e) {
            throw new TransientException(
                    ProfileError.PROFILE_UNAVAILABLE, "The store of members does not answer.", e);
        }
        return wishes.stream()
                .map(wish -> answer(purpose, wish, found.get(keys.get(wish.member()))))
                .toList();
    }

    private static Optional<String> key(ProgramId program, ContactAddress.Wish wish) {
        try {
            return Optional.of(MemberRepository.key(program, new MemberId(wish.member())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static ContactAddress answer(
            String purpose, ContactAddress.Wish wish, Member.@Nullable State state) {
        if (state == null) {
            return ContactAddress.problem(wish, "unknown-member");
        }
        var member = new Member(state);
        var consent = member.value("consent." + purpose + "." + wish.channel());
        if (!consent.equals(Optional.of(true))) {
            return ContactAddress.problem(wish, "no-consent");
        }
        var address = address(member, wish.channel()).orElse(null);
        if (address == null) {
            return ContactAddress.problem(wish, "no-address");
        }
        var fields = new HashMap<String, String>();
        var wanted = wish.fields() == null ? List.<String>of() : wish.fields();
        wanted.stream()
                .limit(MOST_FIELDS)
                .forEach(field ->
                        fields.put(field, member.value(field).map(String::valueOf).orElse("")));
        return new ContactAddress(wish.member(), wish.channel(), address, fields, null);
    }

    private static Optional<String> address(Member member, String channel) {
        if (channel.equals("post")) {
            return member.value("street").map(unused -> postal(member));
        }
        var attribute = ATTRIBUTES.get(channel);
        if (attribute != null) {
            var value =
                    member.value(attribute).map(String::valueOf).filter(text -> !text.isBlank());
            if (value.isPresent()) {
                return value;
            }
        }
        var type = IDENTITIES.get(channel);
        return member.identities().stream()
                .filter(identity -> identity.type().equals(type))
                .map(Identity::value)
                .reduce((earlier, later) -> later);
    }

    private static String postal(Member member) {
        var lines = new ArrayList<String>();
        for (var part : POSTAL) {
            member.value(part)
                    .map(String::valueOf)
                    .filter(it -> !it.isBlank())
                    .ifPresent(lines::add);
        }
        return String.join("\n", lines);
    }
}
