package io.clientele.profile.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.clientele.contracts.Identity;
import io.clientele.contracts.ProgramId;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class IdentityHashTest {
    private static final ProgramId DEMO = new ProgramId("demo");

    private final IdentityHash hash =
            new IdentityHash(Base64.getEncoder().encodeToString(new byte[32]));

    @Test
    void hidesTheIdentity() {
        var key = hash.keyOf(DEMO, new Identity("email", "ann@example.org"));
        assertThat(key).startsWith("demo:email:").doesNotContain("ann").hasSize(75);
    }

    @Test
    void knowsSpellingsOfOneAddress() {
        assertThat(hash.keyOf(DEMO, new Identity("email", " Ann@Example.org ")))
                .isEqualTo(hash.keyOf(DEMO, new Identity("email", "ann@example.org")));
        assertThat(hash.keyOf(DEMO, new Identity("phone", "+66 (2) 123-45.67")))
                .isEqualTo(hash.keyOf(DEMO, new Identity("phone", "+6621234567")));
        assertThat(hash.keyOf(DEMO, new Identity("card", "aB")))
                .isNotEqualTo(hash.keyOf(DEMO, new Identity("card", "ab")));
    }

    @Test
    void differsByProgramTypeAndKey() {
        var card = new Identity("card", "1");
        var other = new byte[32];
        other[0] = 1;
        assertThat(hash.keyOf(DEMO, card).substring(10))
                .isNotEqualTo(hash.keyOf(new ProgramId("othr"), card).substring(10))
                .isNotEqualTo(hash.keyOf(DEMO, new Identity("crad", "1")).substring(10))
                .isNotEqualTo(
                        new IdentityHash(Base64.getEncoder().encodeToString(other))
                                .keyOf(DEMO, card)
                                .substring(10));
    }

    @Test
    void refusesAWeakKey() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new IdentityHash(Base64.getEncoder().encodeToString(new byte[31])))
                .withMessage("CLIENTELE_IDENTITY_KEY must have at least 32 bytes, has 31");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new IdentityHash("not base64!"))
                .withMessage("CLIENTELE_IDENTITY_KEY must be base64");
    }
}
