package io.clientele.simulator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.simulator.platform.DueEvents;
import io.clientele.simulator.platform.PlatformClient;
import io.clientele.simulator.world.Person;
import io.clientele.simulator.world.SimulatedEvent;
import io.clientele.simulator.world.World;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Plays a campaign engine. A contact whose address is unknown is reported as bounced, one whose
 * consent was withdrawn is not sent; what becomes of the others follows from the hidden truth of
 * the person. Ids and times of the events follow from the contact, so that a contact read twice
 * counts once. One thread uses it; {@link #summary} may be asked from any.
 */
public final class CampaignEngine {
    private static final int PAGE = 500;

    /** Contacts per request for addresses. */
    private static final int ADDRESSES = 100;

    private static final String NO_ADDRESS = "no-address";
    private static final String UNKNOWN = "unknown-contact";
    private static final Duration SENDING = Duration.ofMillis(400);
    private static final Duration DELIVERY = Duration.ofMillis(300);

    private final PlatformClient client;
    private final World world;
    private final DueEvents events;
    private final InstantSource clock;
    private final ContactListener listener;

    private @Nullable String position;
    private volatile Summary summary = new Summary(0, 0, 0, 0, 0);

    /**
     * Reads nothing yet.
     *
     * @param client in the role {@code engine}
     * @param events takes what becomes of the messages
     * @param position the last one that was dealt with, or null for the oldest kept
     */
    public CampaignEngine(
            PlatformClient client,
            World world,
            DueEvents events,
            InstantSource clock,
            @Nullable String position,
            ContactListener listener) {
        this.client = client;
        this.world = world;
        this.events = events;
        this.clock = clock;
        this.position = position;
        this.listener = listener;
    }

    /**
     * What it has done.
     *
     * @param sent contacts with an address
     * @param unsent contacts without one, or without consent by now
     * @param expired contacts that were too old to be sent
     */
    public record Summary(long sent, long unsent, long expired, long opened, long clicked) {
        private Summary plus(Summary other) {
            return new Summary(
                    sent + other.sent,
                    unsent + other.unsent,
                    expired + other.expired,
                    opened + other.opened,
                    clicked + other.clicked);
        }
    }

    /** What it has done so far. */
    public Summary summary() {
        return summary;
    }

    /** The last position dealt with; null if nothing was. */
    public @Nullable String position() {
        return position;
    }

    /**
     * Deals with what is in the feed.
     *
     * @param patience how long to wait if there is nothing, 30 s at most
     * @return how many contacts there were
     */
    public int poll(Duration patience) {
        String after =
                position == null
                        ? ""
                        : "&after=" + URLEncoder.encode(position, StandardCharsets.UTF_8);
        List<Contact> contacts =
                client
                        .lines("/v1/feeds/contacts?limit=" + PAGE + "&wait=" + patience + after)
                        .stream()
                        .map(Contact::of)
                        .toList();
        for (int from = 0; from < contacts.size(); from += ADDRESSES) {
            send(contacts.subList(from, Math.min(contacts.size(), from + ADDRESSES)));
        }
        if (!contacts.isEmpty()) {
            position = contacts.getLast().position();
        }
        return contacts.size();
    }

    private void send(List<Contact> contacts) {
        Map<String, String> problems = problems(contacts);
        Instant now = clock.instant();
        for (Contact contact : contacts) {
            Instant notAfter = contact.notAfter();
            if (notAfter != null && !now.isBefore(notAfter)) {
                summary = summary.plus(new Summary(0, 0, 1, 0, 0));
                continue;
            }
            Instant arrives = contact.sendAt().plus(SENDING).plus(DELIVERY);
            String problem = problems.getOrDefault(contact.contact(), UNKNOWN);
            if (!problem.isEmpty()) {
                if (problem.equals(NO_ADDRESS)) {
                    report(contact, arrives, "bounced", Map.of("reason", NO_ADDRESS));
                }
                summary = summary.plus(new Summary(0, 1, 0, 0, 0));
                continue;
            }
            report(contact, contact.sendAt().plus(SENDING), "sent", Map.of());
            report(contact, arrives, "delivered", Map.of());
            Optional<Person> person = world.find(contact.member());
            person.ifPresent(known -> react(known, contact, arrives));
            if (person.isEmpty()) {
                summary = summary.plus(new Summary(1, 0, 0, 0, 0));
            }
        }
    }

    /** By contact, why it cannot be sent; empty text if it can. */
    private Map<String, String> problems(List<Contact> contacts) {
        JsonNode reply =
                client.post(
                                "/v1/contacts/addresses",
                                Map.of(
                                        "contacts",
                                        contacts.stream().map(Contact::contact).toList()))
                        .require(200)
                        .json();
        Map<String, String> problems = new HashMap<>();
        for (JsonNode item : reply.path("items")) {
            problems.put(
                    item.path("contact").asText(),
                    item.hasNonNull("address") ? "" : item.path("problem").asText(UNKNOWN));
        }
        return problems;
    }

    private void react(Person person, Contact contact, Instant arrives) {
        Reaction reaction = Reaction.of(world.seed(), person, contact.contact());
        if (reaction.opens()) {
            Instant opened = arrives.plus(reaction.opensAfter());
            report(contact, opened, "opened", Map.of());
            if (reaction.clicks()) {
                report(
                        contact,
                        opened.plus(reaction.clicksAfter()),
                        "clicked",
                        Map.of("link", "https://shop.example.org/new"));
            }
            if (reaction.unsubscribes()) {
                report(contact, opened.plus(reaction.clicksAfter()), "unsubscribed", Map.of());
            }
        }
        summary =
                summary.plus(
                        new Summary(1, 0, 0, reaction.opens() ? 1 : 0, reaction.clicks() ? 1 : 0));
        listener.contacted(person, contact);
    }

    private void report(Contact contact, Instant at, String what, Map<String, Object> more) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("channel", contact.channel());
        properties.put("contact", contact.contact());
        properties.put("campaign", contact.campaign());
        properties.putAll(more);
        events.add(
                new SimulatedEvent(
                        contact.contact() + "-" + what,
                        "message." + what,
                        "simulator-engine",
                        contact.member(),
                        null,
                        at,
                        properties));
    }
}
