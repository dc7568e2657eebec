package io.clientele.profile.member;

/** An event that will never be applied. */
final class RefusedException extends Exception {
    private final transient Refusal refusal;

    RefusedException(Refusal.Reason reason, String detail) {
        super(detail);
        this.refusal = new Refusal(reason, detail);
    }

    Refusal refusal() {
        return refusal;
    }
}
