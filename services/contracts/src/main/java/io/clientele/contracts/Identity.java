package io.clientele.contracts;

/**
 * An identifier of a member in some outside system: a card, an e-mail address, a device. Personal:
 * outside profile it appears only on {@link Topics#MEMBER_EVENTS_RECEIVED}.
 *
 * @param type the kind of identifier, a key such as {@code card}, {@code email}, {@code device}
 * @param value the identifier as the sender knows it, 1 to 256 characters
 */
public record Identity(String type, String value) {
    /** Checks the bounds. */
    public Identity {
        if (type.isEmpty() || type.length() > 63) {
            throw new IllegalArgumentException("an identity's type has 1 to 63 characters");
        }
        if (value.isBlank() || value.length() > 256) {
            throw new IllegalArgumentException("an identity's value has 1 to 256 characters");
        }
    }

    @Override
    public String toString() {
        return "Identity[" + type + "]";
    }
}
