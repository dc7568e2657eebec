package io.clientele.campaignresponse.contact;

import io.clientele.campaignresponse.CampaignError;
import io.clientele.campaignresponse.member.MemberRepository;
import io.clientele.common.problem.TransientException;
import io.clientele.common.tenancy.ProgramTransactions;
import io.clientele.contracts.ProgramId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.WebApplicationException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jspecify.annotations.Nullable;

/** Gives a campaign engine the addresses of its contacts. Thread-safe. */
@ApplicationScoped
class AddressService {
    private final ContactRepository repository;
    private final MemberRepository members;
    private final ProgramTransactions transactions;
    private final AddressClient profile;

    @Inject
    AddressService(
            ContactRepository repository,
            MemberRepository members,
            ProgramTransactions transactions,
            @RestClient AddressClient profile) {
        this.repository = repository;
        this.members = members;
        this.transactions = transactions;
        this.profile = profile;
    }

    private record Known(
            Map<String, Assignment> contacts,
            Map<String, List<String>> fields,
            Map<String, Boolean> consented) {}

    /**
     * An answer for each contact, in their order. Only contacts that have left are known: of the
     * control arm, of other programs, and made up ones look alike. Consent is asked twice, here and
     * of profile, which has the latest word.
     *
     * @param authorization the caller's own, which profile checks again
     * @throws TransientException if profile does not answer
     */
    List<ContactAddress> addresses(ProgramId program, List<String> contacts, String authorization) {
        var known = transactions.call(program.value(), () -> known(program, contacts));
        var wishes = new ArrayList<AddressClient.Wish>();
        var asked = new ArrayList<String>();
        for (var id : contacts) {
            var contact = known.contacts().get(id);
            if (contact != null && known.consented().getOrDefault(id, false)) {
                asked.add(id);
                wishes.add(
                        new AddressClient.Wish(
                                contact.member().value(),
                                contact.channel(),
                                known.fields().getOrDefault(id, List.of())));
            }
        }
        var found = new HashMap<String, AddressClient.Found>();
        if (!wishes.isEmpty()) {
            var answers = ask(authorization, wishes);
            for (int i = 0; i < asked.size(); i++) {
                found.put(asked.get(i), answers.get(i));
            }
        }
        return contacts.stream().map(id -> answer(id, known, found)).toList();
    }

    private Known known(ProgramId program, List<String> contacts) {
        var found = repository.published(program, contacts);
        var who = found.values().stream().map(Assignment::member).distinct().toList();
        var attributes = members.attributes(program, who);
        var consented = new HashMap<String, Boolean>();
        found.forEach((id, contact) ->
                consented.put(
                        id,
                        ContactRules.hasConsent(
                                attributes.getOrDefault(contact.member(), Map.of()),
                                contact.channel())));
        return new Known(found, repository.fields(program, contacts), consented);
    }

    private static ContactAddress answer(
            String id, Known known, Map<String, AddressClient.Found> found) {
        var contact = known.contacts().get(id);
        if (contact == null) {
            return ContactAddress.problem(id, "unknown-contact");
        }
        var answer = found.get(id);
        if (answer == null) {
            return ContactAddress.problem(id, "no-consent");
        }
        if (answer.address() == null) {
            return ContactAddress.problem(
                    id, answer.problem() == null ? "no-address" : answer.problem());
        }
        return new ContactAddress(
                id,
                contact.member(),
                contact.channel(),
                answer.address(),
                answer.fields() == null ? Map.of() : answer.fields(),
                null);
    }

    private List<AddressClient.Found> ask(String authorization, List<AddressClient.Wish> wishes) {
        try {
            var answer =
                    profile.addresses(
                            authorization,
                            new AddressClient.Question(ContactRules.PURPOSE, wishes));
            if (answer.items().size() == wishes.size()) {
                return answer.items();
            }
        } catch (WebApplicationException | ProcessingException e) {
            throw away(e);
        }
        throw away(null);
    }

    private static TransientException away(@Nullable Exception cause) {
        return new TransientException(
                CampaignError.ADDRESSES_NOT_AVAILABLE,
                "Profile, which has the addresses, gave no answer.",
                cause);
    }
}
