package io.clientele.campaignresponse.contact;

import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.jspecify.annotations.Nullable;

/** Asks profile for addresses and personal values; with the caller's own token. */
@RegisterRestClient(configKey = "profile")
@Path("/v1/contact-addresses")
interface AddressClient {
    /** An answer for each wish, in their order. */
    @POST
    Answer addresses(@HeaderParam("Authorization") String authorization, Question question);

    /** Who is asked for. */
    record Question(String purpose, List<Wish> members) {
        /** Takes a copy. */
        public Question {
            members = List.copyOf(members);
        }
    }

    /** One member. */
    record Wish(String member, String channel, List<String> fields) {
        /** Takes a copy. */
        public Wish {
            fields = List.copyOf(fields);
        }
    }

    /** All answers. */
    record Answer(List<Found> items) {
        /** Takes a copy. */
        public Answer {
            items = List.copyOf(items);
        }
    }

    /** One answer: an address, or a problem. */
    record Found(
            String member,
            String channel,
            @Nullable String address,
            @Nullable Map<String, Object> fields,
            @Nullable String problem) {}
}
