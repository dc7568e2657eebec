package io.clientele.campaignresponse.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clientele.campaignresponse.program.Vocabulary;
import io.clientele.contracts.CampaignContact;
import io.clientele.contracts.ProgramId;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTemplatesTest {
    private static final ProgramId DEMO = new ProgramId("demo");

    private final MessageTemplates templates =
            new MessageTemplates(
                    new Vocabulary() {
                        @Override
                        public boolean isAttribute(ProgramId program, String name) {
                            return Set.of("country", "income", "hobbies").contains(name)
                                    || isPersonal(program, name);
                        }

                        @Override
                        public boolean isPersonal(ProgramId program, String name) {
                            return Set.of("firstName", "email").contains(name);
                        }
                    });

    private CampaignContact.Message render(String body, Map<String, Object> attributes) {
        return templates.render(DEMO, new MessageDraft(null, null, null, "Hi", body), attributes);
    }

    private String text(String body, Map<String, Object> attributes) {
        return render(body, attributes).body();
    }

    @Test
    void printsAttributes() {
        var member =
                Map.<String, Object>of(
                        "country",
                        "TH",
                        "income",
                        new BigDecimal("1E+3"),
                        "loyalty.tier",
                        "gold",
                        "hobbies",
                        List.of("tea", "go"));

        assertThat(text("{country} {income} {loyalty.tier} {hobbies}", member))
                .isEqualTo("TH 1000 gold tea, go");
    }

    @Test
    void unsetAttributesAreNothingOrTheirDefault() {
        assertThat(text("[{country}] {country ?: 'there'} {country.or('you')}", Map.of()))
                .isEqualTo("[] there you");
        assertThat(text("{loyalty.tier ?: 'no tier'}", Map.of())).isEqualTo("no tier");
    }

    @Test
    void choosesByAttributes() {
        var body = "{#if loyalty.tier == 'gold'}A{#else if country}B{#else}C{/if}";

        assertThat(text(body, Map.of("loyalty.tier", "gold"))).isEqualTo("A");
        assertThat(text(body, Map.of("country", "TH"))).isEqualTo("B");
        assertThat(text(body, Map.of())).isEqualTo("C");
        assertThat(text("{#if income > 500}A{/if}", Map.of("income", 501))).isEqualTo("A");
    }

    @Test
    void personalAttributesAreLeftToTheEngine() {
        var message = render("Dear {firstName}, {#if country == 'XX'}{email}{/if}", Map.of());

        assertThat(message.body()).isEqualTo("Dear {{firstName}}, ");
        assertThat(message.fields()).containsExactly("firstName");
    }

    @Test
    void personalAttributeThatSlippedThroughIsNotPrinted() {
        assertThat(text("{email}", Map.of("email", "ann@example.org"))).isEqualTo("{{email}}");
    }

    @Test
    void valuesAreNoTemplates() {
        assertThat(text("{country}", Map.of("country", "{firstName}"))).isEqualTo("{firstName}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{country.getClass}",
                "{country.length()}",
                "{country.class.forName('java.lang.Runtime')}",
                "{inject:service}",
                "{config:secret}",
                "{#include other /}",
                "{#include ../../application.properties /}",
                "{#eval country /}",
                "{#for i in 1000000000}x{/for}",
                "{#each hobbies}{it}{/each}",
                "{#let a=country}{a}{/let}",
                "{@java.lang.Runtime country}",
                "{nosuch}",
                "{#if nosuch}x{/if}",
                "{#if country}x",
                "{country ?: nosuch}",
                "{data:country}",
            })
    void everythingElseIsRefused(String body) {
        var errors =
                templates.check(
                        DEMO,
                        List.of(
                                new MessageDraft(null, null, null, null, "fine"),
                                new MessageDraft(null, null, null, null, body)));

        assertThat(errors).isNotEmpty();
        assertThat(errors.getFirst().pointer()).isEqualTo("/messages/1/body");
    }

    @Test
    void refusalSaysWhere() {
        var errors =
                templates.check(
                        DEMO,
                        List.of(new MessageDraft(null, null, null, null, "Hello\n  {contry}")));

        assertThat(errors).hasSize(1);
        assertThat(errors.getFirst().detail())
                .startsWith("line 2, column 3: {contry}: the program has no attribute contry");
    }

    @Test
    void goodTemplatesAreAccepted() {
        assertThat(
                        templates.check(
                                DEMO,
                                List.of(
                                        new MessageDraft(
                                                null,
                                                null,
                                                null,
                                                "Hi {firstName ?: 'you'}",
                                                "{#if loyalty.tier == 'gold' && income gt"
                                                        + " 5}{country}"
                                                        + "{#else}{preference.channel}{/if}"))))
                .isEmpty();
    }

    @Test
    void outputIsBounded() {
        var long2048 = "x".repeat(2048);
        var body = "{country}".repeat(100);

        assertThatThrownBy(() -> render(body, Map.of("country", long2048)))
                .hasMessageContaining("at most " + MessageTemplates.LONGEST_OUTPUT);
    }

    @Test
    void subjectIsOneLine() {
        var message =
                templates.render(
                        DEMO,
                        new MessageDraft(null, null, null, "Hi {country}", "."),
                        Map.of("country", "TH\r\nBcc: all"));

        assertThat(message.subject()).isEqualTo("Hi TH Bcc: all");
    }
}
