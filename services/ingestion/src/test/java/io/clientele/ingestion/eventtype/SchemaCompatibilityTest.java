package io.clientele.ingestion.eventtype;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.common.json.Json;
import io.clientele.common.problem.FieldError;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaCompatibilityTest {
    private static final String BEFORE =
            """
            {'type':'object','required':['seats'],'properties':{
              'seats':{'type':'integer','minimum':1,'maximum':8,'segmentable':true},
              'area':{'enum':['hall','terrace']},
              'note':{'type':'string'}}}\
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'maximum':8 | 'maximum':12",
                "'maximum':8, | ",
                "'minimum':1 | 'minimum':0",
                "['hall','terrace'] | ['hall','terrace','bar']",
                "'required':['seats'] | 'required':[]",
                "'note':{'type':'string'} | 'note':{'type':'string','segmentable':true}",
                "'note':{'type':'string'} | 'note':{'type':'string'},'more':{'type':'string'}",
                "'type':'object' | 'title':'Table','type':'object'",
            })
    void allowsWhatKeepsEveryEventValid(String old, String now) {
        assertThat(check(old, now)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'maximum':8 | 'maximum':7 | /schema/properties/seats/maximum",
                "'minimum':1 | 'minimum':2 | /schema/properties/seats/minimum",
                "['hall','terrace'] | ['hall'] | /schema/properties/area/enum",
                "'required':['seats'] | 'required':['seats','note'] | /schema/required",
                "'type':'integer' | 'type':'string' | /schema/properties/seats/type",
                "'type':'integer' | 'multipleOf':2,'type':'integer' |"
                        + " /schema/properties/seats/multipleOf",
                "'segmentable':true | 'segmentable':false | /schema/properties/seats/segmentable",
                "'note':{'type':'string'} | 'other':{'type':'string'} | /schema/properties/note",
                "'type':'object' | 'type':'object','additionalProperties':false |"
                        + " /schema/additionalProperties",
            })
    void refusesWhatSomeEventWouldNotStand(String old, String now, String pointer) {
        assertThat(check(old, now)).extracting(FieldError::pointer).containsExactly(pointer);
    }

    private static List<FieldError> check(String old, String now) {
        assertThat(BEFORE).contains(old);
        return SchemaCompatibility.check(
                read(BEFORE), read(BEFORE.replace(old, now == null ? "" : now)));
    }

    private static JsonNode read(String json) {
        try {
            return Json.mapper().readTree(json.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }
}
