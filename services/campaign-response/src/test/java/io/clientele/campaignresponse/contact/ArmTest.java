package io.clientele.campaignresponse.contact;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.contracts.MemberId;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ArmTest {
    private static final int MEMBERS = 20_000;

    @Test
    void sharesAreThoseAskedFor() {
        // Four standard deviations of a binomial share.
        assertThat(control("a", 0.2)).isBetween(3_774L, 4_226L);
        assertThat(control("a", 0.5)).isBetween(9_717L, 10_283L);
        assertThat(control("a", 0)).isZero();
    }

    @Test
    void armsOfTwoCampaignsAreIndependent() {
        long both =
                IntStream.range(0, MEMBERS)
                        .mapToObj(ArmTest::member)
                        .filter(member -> Arm.of("a", member, 0.2) == Arm.CONTROL)
                        .filter(member -> Arm.of("b", member, 0.2) == Arm.CONTROL)
                        .count();

        assertThat(both).isBetween(690L, 910L);
    }

    @Test
    void memberStaysInItsArmWhenTheShareGrows() {
        IntStream.range(0, 1_000)
                .mapToObj(ArmTest::member)
                .filter(member -> Arm.of("a", member, 0.1) == Arm.CONTROL)
                .forEach(member -> assertThat(Arm.of("a", member, 0.3)).isEqualTo(Arm.CONTROL));
    }

    private static long control(String salt, double share) {
        return IntStream.range(0, MEMBERS)
                .mapToObj(ArmTest::member)
                .filter(member -> Arm.of(salt, member, share) == Arm.CONTROL)
                .count();
    }

    private static MemberId member(int number) {
        return new MemberId("m-" + number);
    }
}
