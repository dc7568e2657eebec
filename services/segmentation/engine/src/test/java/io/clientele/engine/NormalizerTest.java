package io.clientele.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalizerTest {
    private final ProgramModel model = Worlds.shop(ZoneOffset.UTC);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'all':[A,{'all':[B,A]}]} | {'all':[A,B]}",
                "{'all':[B,A]} | {'all':[A,B]}",
                "{'any':[{'any':[B]},A,A]} | {'any':[A,B]}",
                "{'not':{'not':A}} | A",
                "{'all':[{'any':[A]}]} | A",
                "{'all':[A,{'any':[]}]} | {'any':[]}",
                "{'all':[A,{'all':[]}]} | A",
                "{'any':[A,{'not':{'any':[]}}]} | {'all':[]}",
                "{'atLeast':1,'of':[B,A]} | {'any':[A,B]}",
                "{'atLeast':2,'of':[B,A]} | {'all':[A,B]}",
                "{'atLeast':2,'of':[B,A,A]} | {'atLeast':2,'of':[A,A,B]}",
                "{'atLeast':2,'of':[B,{'all':[]},A]} | {'any':[A,B]}",
                "{'sample':{'percent':100,'salt':'x'}} | {'all':[]}",
                "{'attribute':'country','in':['th','TH']} | {'attribute':'country','equals':'th'}",
                "{'attribute':'country','in':['vn','TH']} |"
                        + " {'attribute':'country','in':['th','vn']}",
                "{'attribute':'income','between':[5,5.0]} | {'attribute':'income','equals':5}",
                "{'attribute':'income','equals':5,'zone':'member'} |"
                        + " {'attribute':'income','equals':5}",
                "{'attribute':'age','equals':5,'zone':'member'} |"
                        + " {'attribute':'age','equals':5,'zone':'member'}",
                "{'attribute':'interests','containsAll':['A']} |"
                        + " {'attribute':'interests','containsAny':['a']}",
                "{'attribute':'home','withinKm':{'of':{'store':'s1'},'km':5}} |"
                    + " {'attribute':'home','withinKm':{'of':{'latitude':13.5,'longitude':100.5},'km':5}}",
                "{'event':'purchase','greaterThan':2.5} | {'event':'purchase','atLeast':3}",
                "{'event':'purchase','lessThan':1} | {'event':'purchase','atMost':0}",
                "{'event':'purchase','where':{'all':[]},'within':{'from':{'ago':'P7D'}},'zone':'member'}"
                    + " | {'event':'purchase','within':{'last':'P7D'}}",
                "{'event':'purchase','where':{'all':[{'property':'store','equals':'S'},"
                        + "{'not':{'not':{'property':'amount','atLeast':1}}}]}} |"
                        + " {'event':'purchase','where':{'all':[{'property':'amount','atLeast':1},"
                        + "{'property':'store','equals':'s'}]}}"
            })
    void bringsToOneForm(String given, String expected) {
        Condition normal = Normalizer.normalize(read(given));
        assertThat(Conditions.write(normal).toString())
                .isEqualTo(Conditions.write(read(expected)).toString());
        assertThat(Normalizer.normalize(normal)).isEqualTo(normal);
    }

    private Condition read(String text) {
        return Worlds.condition(
                model,
                text.replace("A,", "{'attribute':'country','exists':true},")
                        .replace("A]", "{'attribute':'country','exists':true}]")
                        .replaceAll("^A$", "{'attribute':'country','exists':true}")
                        .replace(":A}", ":{'attribute':'country','exists':true}}")
                        .replace("B,", "{'event':'purchase'},")
                        .replace("B]", "{'event':'purchase'}]")
                        .replace('\'', '"'));
    }

    @Test
    void keepsEveryVerdict() {
        for (long seed : Seeds.of(3_000)) {
            RandomWorld world = new RandomWorld(seed);
            Evaluator evaluator = new Evaluator(world.model);
            Condition normal = Normalizer.normalize(world.condition);
            assertThat(Normalizer.normalize(normal)).as(world.describe()).isEqualTo(normal);
            for (int i = 0; i < 6; i++) {
                Instant at = world.instant();
                assertThat(evaluator.matches(normal, world.history, at))
                        .as("at %s, %s\nnormal %s", at, world.describe(), normal)
                        .isEqualTo(world.naive(at));
            }
        }
    }

    @Test
    void bringsRewritingsOfOneConditionTogether() {
        for (long seed : Seeds.of(500)) {
            RandomWorld world = new RandomWorld(seed);
            Condition condition = world.condition;
            Condition twice =
                    new Condition.Any(
                            List.of(
                                    new Condition.Not(new Condition.Not(condition)),
                                    new Condition.All(List.of(condition, condition))));
            assertThat(Normalizer.normalize(twice))
                    .as(world.describe())
                    .isEqualTo(Normalizer.normalize(condition));
        }
    }
}
