package io.clientele.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class EventTypesTest {
    static final List<String> BUILT_IN = EventTypes.BUILT_IN;

    @ParameterizedTest
    @FieldSource("BUILT_IN")
    void describesEveryBuiltInTypeByASchemaOfItsName(String type) throws IOException {
        var schema = schema(type);
        assertThat(schema.path("$id").asText()).isEqualTo("urn:clientele:event-type:" + type);
        assertThat(schema.path("type").asText()).isEqualTo("object");
        var properties = schema.path("properties");
        schema.path("required").forEach(name -> assertThat(properties.has(name.asText())).isTrue());
    }

    @Test
    void marksWhatConditionsMayNameAndNothingThatIsFreeTextOrAnOrderId() throws IOException {
        assertThat(segmentable("purchase"))
                .containsExactly("amount", "store", "channel", "discount", "tax");
        assertThat(segmentable("feedback.given")).containsExactly("nps", "csat", "touchpoint");
        assertThat(segmentable("message.opened")).containsExactly("channel", "campaign", "machine");
        var items = schema("purchase").at("/properties/items/items/properties");
        var names = new ArrayList<String>();
        items.properties().forEach(it -> names.add(it.getKey()));
        assertThat(names).containsExactly("sku", "quantity", "amount", "category", "brand", "cost");
    }

    private static List<String> segmentable(String type) throws IOException {
        var names = new ArrayList<String>();
        for (var property : schema(type).path("properties").properties()) {
            if (property.getValue().path("segmentable").asBoolean()) {
                names.add(property.getKey());
            }
        }
        return names;
    }

    private static JsonNode schema(String type) throws IOException {
        try (var in =
                EventTypes.class
                        .getClassLoader()
                        .getResourceAsStream(EventTypes.schemaResource(type))) {
            assertThat(in).as(EventTypes.schemaResource(type)).isNotNull();
            return new ObjectMapper().readTree(in);
        }
    }
}
