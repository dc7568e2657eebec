package io.clientele.campaignresponse.response;

import io.clientele.contracts.ResponseKind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Counts of responses. */
@ApplicationScoped
class ResponseMetrics {
    private final Map<ResponseKind, Counter> responses = new EnumMap<>(ResponseKind.class);

    @Inject
    ResponseMetrics(MeterRegistry registry) {
        for (var kind : ResponseKind.values()) {
            responses.put(
                    kind,
                    Counter.builder("campaign.responses")
                            .tag("kind", kind.name().toLowerCase(Locale.ROOT))
                            .description("What members of both arms did")
                            .register(registry));
        }
    }

    void counted(ResponseKind kind) {
        var counter = responses.get(kind);
        if (counter != null) {
            counter.increment();
        }
    }
}
