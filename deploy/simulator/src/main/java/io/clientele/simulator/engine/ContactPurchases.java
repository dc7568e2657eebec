package io.clientele.simulator.engine;

import io.clientele.simulator.platform.DueEvents;
import io.clientele.simulator.world.Person;
import io.clientele.simulator.world.SimulatedEvent;
import io.clientele.simulator.world.World;
import java.math.BigDecimal;
import java.util.Map;

/**
 * Lets contacted people buy because of the contact, as often as their hidden truth says. For an
 * engine that runs alone; what they buy anyway is not its business.
 */
public final class ContactPurchases implements ContactListener {
    private final World world;
    private final DueEvents events;

    /** Purchases that {@code events} posts. */
    public ContactPurchases(World world, DueEvents events) {
        this.world = world;
        this.events = events;
    }

    @Override
    public void contacted(Person person, Contact contact) {
        Reaction reaction = Reaction.of(world.seed(), person, contact.contact());
        if (reaction.draw() < person.truth().contactEffect()) {
            events.add(
                    new SimulatedEvent(
                            contact.contact() + "-purchase",
                            "purchase",
                            SimulatedEvent.SOURCE,
                            person.id(),
                            null,
                            contact.sendAt().plus(reaction.decidesAfter()),
                            Map.of(
                                    "amount",
                                    BigDecimal.valueOf(reaction.cents(), 2),
                                    "channel",
                                    person.channel())));
        }
    }
}
