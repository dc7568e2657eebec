package io.clientele.gateway;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** The services behind, as fakes, and a gateway with short times. One set for all tests. */
public final class FakeServices implements QuarkusTestResourceLifecycleManager {
    static final FakeService INGESTION = new FakeService("ingestion");
    static final FakeService PROFILE = new FakeService("profile");
    static final FakeService SEGMENTATION = new FakeService("segmentation");
    static final FakeService CAMPAIGN_RESPONSE = new FakeService("campaign-response");
    static final FakeService REPORTING = new FakeService("reporting");

    @Override
    public Map<String, String> start() {
        return Map.ofEntries(
                Map.entry("CLIENTELE_INGESTION_URL", INGESTION.address()),
                Map.entry("CLIENTELE_PROFILE_URL", PROFILE.address()),
                Map.entry("CLIENTELE_SEGMENTATION_URL", SEGMENTATION.address()),
                Map.entry("CLIENTELE_CAMPAIGN_RESPONSE_URL", CAMPAIGN_RESPONSE.address()),
                Map.entry("CLIENTELE_REPORTING_URL", REPORTING.address()),
                Map.entry("clientele.proxy.connect-timeout", "2s"),
                Map.entry("clientele.proxy.answer-timeout", "2s"),
                Map.entry("clientele.proxy.stream-timeout", "10s"),
                Map.entry("clientele.rates.client-burst", "400"),
                Map.entry("clientele.rates.client-per-second", "50"),
                Map.entry("clientele.openapi.kept-for", "1s"),
                Map.entry("clientele.openapi.kept-incomplete-for", "1s"));
    }

    /** All of them answer as they do without being told. */
    static void forget() {
        INGESTION.forget();
        PROFILE.forget();
        SEGMENTATION.forget();
        CAMPAIGN_RESPONSE.forget();
        REPORTING.forget();
    }

    @Override
    public void stop() {}
}
