package io.clientele.campaignresponse.campaign;

import java.math.BigDecimal;
import java.util.Map;

/**
 * What a campaign costs, in the program's currency.
 *
 * @param fixed whatever comes of it
 * @param perContact each contact, by channel
 */
public record Cost(BigDecimal fixed, Map<String, BigDecimal> perContact) {
    /** Nothing. */
    public static final Cost NONE = new Cost(BigDecimal.ZERO, Map.of());

    /** Takes a copy. */
    public Cost {
        perContact = Map.copyOf(perContact);
    }
}
