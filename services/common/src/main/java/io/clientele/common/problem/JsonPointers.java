package io.clientele.common.problem;

import com.fasterxml.jackson.databind.JsonMappingException;

/** Where in a document Jackson stumbled, as RFC 6901 has it. */
final class JsonPointers {
    private JsonPointers() {}

    static String of(JsonMappingException e) {
        var pointer = new StringBuilder();
        for (var step : e.getPath()) {
            pointer.append('/');
            if (step.getFieldName() == null) {
                pointer.append(step.getIndex());
            } else {
                pointer.append(step.getFieldName().replace("~", "~0").replace("/", "~1"));
            }
        }
        return pointer.toString();
    }
}
