package io.clientele.simulator.world;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Somebody of the world: what the program is told, and the hidden truth.
 *
 * @param number from 0 on; members first, then prospects
 * @param id the member id in events
 * @param prospect true: never enrolled, only looks around
 * @param enrolledAt when it joined, or first looked around
 * @param buysAtOnce whether it bought something on the day it joined
 * @param referrer the number of the member who recommended the program, or null
 * @param email an address of a domain that belongs to nobody
 * @param latitude of its home, to two places
 * @param longitude of its home, to two places
 * @param sustainability what it would answer, 1 to 5
 * @param emailConsent whether it allowed marketing by e-mail
 * @param appUser whether it uses the app, and how much, from 0 (not) to 1
 * @param responsive whether it follows links in messages
 * @param truth what it really is
 * @param life how its appetite develops
 * @param lapsesAfter the share of the time since enrollment after which a {@link LifeCycle#LAPSED}
 *     person stops; 1 for all others
 * @param rate purchases a year while it is a member, at its mean appetite
 * @param basket logarithm of its usual purchase, relative to everybody's
 */
public record Person(
        int number,
        String id,
        boolean prospect,
        Instant enrolledAt,
        boolean buysAtOnce,
        @Nullable Integer referrer,
        String firstName,
        String email,
        String gender,
        LocalDate birthDate,
        City city,
        double latitude,
        double longitude,
        int income,
        int familySize,
        List<String> interests,
        List<String> needs,
        int sustainability,
        String channel,
        boolean emailConsent,
        double appUser,
        boolean responsive,
        TrueSegment truth,
        LifeCycle life,
        double lapsesAfter,
        double rate,
        double basket) {
    private static final double USUAL_CENTS = 4_500;
    private static final long LEAST_CENTS = 100;

    public Person {
        interests = List.copyOf(interests);
        needs = List.copyOf(needs);
    }

    /**
     * What a purchase costs, in cents of the program's currency.
     *
     * @param deviation of its logarithm from the person's usual purchase
     */
    public long cents(double deviation) {
        return Math.max(LEAST_CENTS, Math.round(USUAL_CENTS * Math.exp(basket + deviation)));
    }

    /** What is true of the person and decides whether a contact may be sent to it. */
    public boolean isContactable() {
        return !prospect && emailConsent;
    }
}
