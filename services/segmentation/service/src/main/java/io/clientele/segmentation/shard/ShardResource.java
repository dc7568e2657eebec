package io.clientele.segmentation.shard;

import io.clientele.common.json.Json;
import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.common.tenancy.CurrentProgram;
import io.clientele.contracts.ProgramId;
import io.clientele.segmentation.SegmentationError;
import io.quarkus.arc.All;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/**
 * Where instances of this service ask each other. Not among the gateway's routes. Roles were
 * checked by the instance that was asked first; the program is the token's here too.
 */
@Path(ShardResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class ShardResource {
    static final String PATH = "/internal/v1/shards";

    private final ShardReader shards;
    private final CurrentProgram program;
    private final Map<String, ShardQuestion<?, ?>> questions;

    @Inject
    ShardResource(
            ShardReader shards, CurrentProgram program, @All List<ShardQuestion<?, ?>> questions) {
        this.shards = shards;
        this.program = program;
        this.questions =
                questions.stream()
                        .collect(Collectors.toMap(ShardQuestion::name, Function.identity()));
    }

    @POST
    @Path("{question}")
    @Authenticated
    @Operation(hidden = true)
    public Map<Integer, ?> ask(
            @PathParam("question") String name,
            @QueryParam("partitions") @Nullable String partitions,
            byte[] body) {
        var question = questions.get(name);
        if (question == null) {
            throw refused("question", "expected one of " + new TreeSet<>(questions.keySet()));
        }
        return answers(question, partitions(partitions), body);
    }

    private <Q, A> Map<Integer, A> answers(
            ShardQuestion<Q, A> question, Set<Integer> partitions, byte[] body) {
        Q asked;
        try {
            asked = Json.read(body, question.asked());
        } catch (UncheckedIOException e) {
            throw refused("", "expected the JSON of the question " + question.name());
        }
        return shards.local(question, new ProgramId(program.id()), asked, partitions);
    }

    private static Set<Integer> partitions(@Nullable String list) {
        var partitions = new TreeSet<Integer>();
        try {
            for (var each : String.valueOf(list).split(",", -1)) {
                partitions.add(Integer.valueOf(each));
            }
        } catch (NumberFormatException e) {
            throw refused("partitions", "expected numbers with commas between");
        }
        return partitions;
    }

    private static RequestException refused(String where, String expected) {
        return new RequestException(
                SegmentationError.SEGMENT_INVALID,
                "Instances of different versions, or not an instance asks.",
                List.of(new FieldError(where, expected)));
    }
}
