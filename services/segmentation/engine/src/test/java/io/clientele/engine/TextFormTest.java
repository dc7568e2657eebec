package io.clientele.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clientele.engine.InvalidConditionException.Problem;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextFormTest {
    private final ProgramModel model =
            Worlds.shop(ZoneOffset.UTC)
                    .withSegments(
                            Map.of(
                                    "vip", new Condition.All(List.of()),
                                    "2026 \"a`b\\", new Condition.All(List.of())));

    @Test
    void everyConditionSurvivesTheTextForm() {
        for (long seed : Seeds.of(3_000)) {
            RandomWorld world = new RandomWorld(seed);
            String text = Conditions.print(world.condition);
            Condition again = Conditions.parse(text, world.model);
            String told = text + "\n" + world.describe();
            assertThat(again).as(told).isEqualTo(world.condition);
            assertThat(Conditions.print(again)).as(told).isEqualTo(text);
            assertThat(Conditions.write(again))
                    .as(told)
                    .isEqualTo(Conditions.write(world.condition));
            assertThat(text).doesNotContain("\n");
            Condition normal = Normalizer.normalize(world.condition);
            assertThat(Conditions.parse(Conditions.print(normal), world.model))
                    .as(told)
                    .isEqualTo(normal);
        }
    }

    @Test
    void damagedTextIsReadOrRefusedWithAColumn() {
        for (long seed : Seeds.of(1_500)) {
            RandomWorld world = new RandomWorld(seed);
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder(Conditions.print(world.condition));
            for (int i = 0; i < 2 && !text.isEmpty(); i++) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, "()\"`,%= -1ax".charAt(random.nextInt(12)));
                    default -> text.delete(at, Math.min(text.length(), at + random.nextInt(9)));
                }
            }
            try {
                Condition read = Conditions.parse(text.toString(), world.model);
                assertThat(Conditions.parse(Conditions.print(read), world.model))
                        .as(text.toString())
                        .isEqualTo(read);
            } catch (InvalidConditionException refused) {
                assertThat(refused.problems())
                        .isNotEmpty()
                        .allSatisfy(problem -> {
                            assertThat(problem.column()).isBetween(1, text.length() + 1);
                            assertThat(problem.detail()).isNotBlank();
                        });
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "COUNTRY = 'x' OR country = 'TH' | 1 | unknown attribute \"COUNTRY\"; did you mean"
                        + " \"country\"?",
                "country = 'TH' and contry exists | 20 | did you mean \"country\"?",
                "country >= 5 | 12 | atLeast does not go with attribute country",
                "country = TH | 11 | expected a number, a time, true, false or a text between"
                        + " quotation marks; came \"TH\"",
                "country != 'TH' | 9 | there are no negative comparators",
                "country is 'TH' | 9 | expected a comparison, which begins with one of =,",
                "country startz with 'T' | 9 | did you mean \"starts\"?",
                "country = 'TH' country = 'VN' | 16 | expected and, or, or the end; came"
                        + " \"country\"",
                "country = 'TH | 11 | expected a \" at the end of what begins here",
                "country = 'T\\q' | 13 | expected an escape of JSON",
                "country in ('TH', 5) | 19 | expected a text, not empty; came 5",
                "country in () | 13 | came \")\"",
                "age between 5 or 6 | 15 | expected \"and\"",
                "income > 5.1234567 | 10 | at most 6 decimal places",
                "birthDate within last 1 month | 25 | months and years have no fixed length",
                "birthDate within last 36 hours | 23 | whole days",
                "birthDate within last 3 dayz | 25 | did you mean \"days\"?",
                "birthDate within last P1M | 23 | months and years have no fixed length",
                "birthDate before 2026-13-01 | 18 | expected a date such as",
                "home within 5 km of store s3 | 27 | unknown store \"s3\"",
                "home within 5 miles of store s1 | 15 | expected \"km\"",
                "home within 5 km of (95, 3) | 22 | from -90 to 90",
                "has(purchas) | 5 | did you mean \"purchase\"?",
                "haz(purchase) | 1 | did you mean \"has\"?",
                "has(purchase in lst 3 days) | 17 | did you mean \"last\"?",
                "has(purchase in current moth) | 25 | did you mean \"month\"?",
                "has(purchase where stor = 's1') | 20 | did you mean \"store\"?",
                "has(purchase from 3 days ago to 5 days ago) | 14 | expected from longer ago than"
                        + " to",
                "has(purchase from 3 days to now) | 26 | expected \"ago\"",
                "sum(amount purchase) > 1 | 12 | expected \"of\"",
                "sum(store of purchase) > 1 | 5 | needs a property that is a number",
                "sum(amount of purchase) | 24 | expected a comparison",
                "share(amount of purchase) > 1 | 14 | expected \"where\"",
                "at least 3 of (country exists) | 10 | from 1 to the 1 parts",
                "at least of (country exists) | 10 | expected how many, a number",
                "segment(vib) | 9 | did you mean \"vip\"?",
                "entered(vib in last 3 days) | 13 | expected \")\"",
                "score(rfm.grop) exists | 7 | did you mean \"rfm.group\"?",
                "sample(101% by 'a') | 8 | from 0 to 100",
                "sample(10% 'a') | 12 | expected \"by\"",
                "trend(sum(amount of purchase in last 3 days) per 5 days) > 1 | 30 | expected"
                        + " \")\"; came \"in\"",
                "trend(purchase per 5 days) > 1 | 7 | expected one of count, first",
                "sequence(purchase within 7 days) | 10 | a list of 2 to 10 steps, came 1 steps",
                "sequence(no purchase then return within 7 days) | 10 | only the last step",
                "not | 4 | came the end",
                "^^ | 1 | came the end",
                "and = 5 | 1 | between backticks if it is and",
                "country = 'TH' ; | 16 | expected a word, a value",
                "income = -x | 10 | expected a number",
            })
    void refusesWithTheColumn(String text, int column, String detail) {
        InvalidConditionException refused =
                catchThrowableOfType(
                        InvalidConditionException.class,
                        () -> Conditions.parse(text.replace('\'', '"'), model));
        Problem problem = refused.problems().getFirst();
        assertThat(problem.detail()).contains(detail);
        assertThat(problem.column()).as(problem.detail()).isEqualTo(column);
        assertThat(refused).hasMessageContaining("column " + column + ": ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "and",
                "OR",
                "not",
                "no",
                "all",
                "any",
                "at",
                "in",
                "set",
                "of",
                "to",
                "from",
                "then",
                "where",
                "within",
                "exists",
                "count",
                "has",
                "member",
                "P1D",
                "per",
                "now",
                "ago",
                "first name",
                "l\u00e4nge",
                "2026",
                "a`b",
                "a\\b",
                "-",
                "a.b-c_d",
                "(",
                "\ud800",
                "\n"
            })
    void takesAnyName(String name) {
        ProgramModel.EventType type =
                new ProgramModel.EventType(
                        Map.of(name, new ProgramModel.Property(ValueType.NUMBER, true)), Map.of());
        ProgramModel named =
                ProgramModel.builder(ZoneOffset.UTC)
                        .attribute(name, ValueType.STRING)
                        .attribute("home", ValueType.PLACE)
                        .score(name, ValueType.NUMBER)
                        .store(name, 1, 1)
                        .eventType(name, type)
                        .recordedTransitions()
                        .segment(name, new Condition.All(List.of()))
                        .build();
        String key = Worlds.JSON.getNodeFactory().textNode(name).toString();
        for (String template :
                List.of(
                        "{'attribute':N,'in':['a'],'setWithin':'P1D'}",
                        "{'attribute':N,'setWithin':'P1D','zone':'member'}",
                        "{'atLeast':1,'of':[{'not':{'attribute':N,'exists':true}}]}",
                        "{'score':N,'between':[1,2],'zone':'member'}",
                        "{'event':N,'where':{'not':{'property':N,'in':[1]}},'within':{'last':'P1D'}}",
                        "{'event':N,'measure':{'share':{'of':N,'where':{'property':N,'exists':true}}},"
                            + "'within':{'to':{'ago':'P1D'}},'atLeast':1}",
                        "{'trend':{'event':N,'measure':{'sum':N},'period':'P1D'},'exists':true}",
                        "{'sequence':[{'event':N},{'event':N,'where':{'property':N,'equals':1}},"
                            + "{'event':N,'absent':true}],'span':'P1D','within':{'current':'day'}}",
                        "{'all':[{'segment':N},{'entered':{'segment':N}},"
                            + "{'left':{'segment':N},'within':{'to':'2026-01-01'},'zone':'member'}]}",
                        "{'attribute':'home','withinKm':{'of':{'store':N},'km':1}}")) {
            Condition condition =
                    Worlds.condition(named, template.replace('\'', '"').replace("N", key));
            String text = Conditions.print(condition);
            assertThat(Conditions.parse(text, named)).as(text).isEqualTo(condition);
        }
    }

    @Test
    void countsColumnsInCharacters() {
        assertThatThrownBy(() ->
                        Conditions.parse("country = \"\uD83D\uDE00\" and contry exists", model))
                .hasMessageStartingWith("condition, column 19: unknown attribute");
    }

    @Test
    void refusesTooManyLevels() {
        String deep = "(".repeat(100_000);
        assertThatThrownBy(() -> Conditions.parse(deep, model))
                .hasMessageContaining("column 201: expected at most 200 levels");
        assertThatThrownBy(() -> Conditions.parse("not ".repeat(21) + "all()", model))
                .hasMessageContaining("expected at most 20 levels");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "((country exists)) | country exists",
                "a.b or c and d | ",
                "country exists or age > 5 and age < 9 | country exists or (age > 5 and age < 9)",
                "(country exists or age > 5) and age < 9 | (country exists or age > 5) and age < 9",
                "NOT country EXISTS | not country exists",
                "all(country exists, age > 5) | country exists and age > 5",
                "all(country exists) | all(country exists)",
                "any( ) | any()",
                "has(purchase in last 4 weeks) | has(purchase in last 28 days)",
                "has(purchase in last P1DT12H) | has(purchase in last 1 day 12 hours)",
                "count(purchase) >= 1 | has(purchase)",
                "count(purchase) >= 1.50 | count(purchase) >= 1.5",
                "has(purchase from 2 days ago) | has(purchase from 2 days ago to now)",
                "has(purchase to 2026-01-01T07:00:00+07:00) | has(purchase to"
                        + " 2026-01-01T00:00:00Z)",
                "segment(`vip`) | segment(vip)",
                "segment(`2026 \"a\\`b\\\\`) | segment(`2026 \"a\\`b\\\\`)",
                "country = \"\\u0041\\n\" | country = \"A\\u000a\"",
                "country set within 2 days exists | ",
                "country set within 2 days in member zone | country set within 2 days in member"
                        + " zone",
                "country = \"x\" set within 2 days | country = \"x\" set within 2 days",
                "first(purchase) before 2026-01-01 in member zone | first(purchase) before"
                        + " 2026-01-01 in member zone",
            })
    void printsOneForm(String given, String expected) {
        if (expected == null) {
            assertThatThrownBy(() -> Conditions.parse(given, model))
                    .isInstanceOf(InvalidConditionException.class);
            return;
        }
        Condition read = Conditions.parse(given, model);
        assertThat(Conditions.print(read)).isEqualTo(expected);
        assertThat(Conditions.parse(expected, model)).isEqualTo(read);
    }
}
