package io.clientele.segmentation.verification;

import io.clientele.contracts.AttributeChange;
import io.clientele.contracts.MemberId;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

/** Asks profile what it has stored of members; with the caller's own token. */
@RegisterRestClient(configKey = "profile")
@Path("/v1/member-facts")
interface FactsClient {
    /** The facts of each member that has any. */
    @POST
    Answer facts(@HeaderParam("Authorization") String authorization, Question question);

    /** Whose are asked for; at most 500. */
    record Question(List<MemberId> members) {
        /** Takes a copy. */
        public Question {
            members = List.copyOf(members);
        }
    }

    /** All answers. */
    record Answer(List<Facts> items) {
        /** Takes a copy. */
        public Answer {
            items = List.copyOf(items);
        }
    }

    /** What counts of a member, whom the program knows since an instant. */
    record Facts(MemberId member, Instant since, List<Fact> events, List<AttributeChange> changes) {
        /** Takes copies. */
        public Facts {
            events = List.copyOf(events);
            changes = List.copyOf(changes);
        }
    }

    /** An event that was not taken back. */
    record Fact(
            String source,
            String id,
            String type,
            Instant occurredAt,
            Map<String, Object> properties) {
        /** Takes a copy. */
        public Fact {
            properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
        }
    }
}
