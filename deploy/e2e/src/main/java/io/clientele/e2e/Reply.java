package io.clientele.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.http.HttpHeaders;
import java.util.Arrays;

/**
 * What the gateway answered.
 *
 * @param request method and path, for messages
 * @param status HTTP status
 * @param headers as received
 * @param text the body
 */
public record Reply(String request, int status, HttpHeaders headers, String text) {
    /** The body as JSON; missing if it is none. */
    public JsonNode json() {
        var type = headers.firstValue("content-type").orElse("");
        return text.isEmpty() || !type.contains("json")
                ? MissingNode.getInstance()
                : PlatformJson.tree(text);
    }

    /** One header, or the empty text. */
    public String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    /**
     * This reply, if its status is one of those expected.
     *
     * @throws PlatformException quoting the body otherwise
     */
    public Reply require(int... expected) {
        if (Arrays.stream(expected).noneMatch(it -> it == status)) {
            throw new PlatformException(
                    request
                            + " was answered with "
                            + status
                            + ", expected "
                            + Arrays.toString(expected)
                            + ": "
                            + text);
        }
        return this;
    }
}
