package io.clientele.simulator.engine;

import io.clientele.simulator.world.Person;

/** Learns of every message that reached a person. Called by the engine's thread. */
@FunctionalInterface
public interface ContactListener {
    /** The message of this contact is about to arrive. */
    void contacted(Person person, Contact contact);
}
