package io.clientele.ingestion.sample;

/** Goes past the service. */
public final class BadResource {
    private final SampleRepository repository;

    BadResource(SampleRepository repository) {
        this.repository = repository;
    }

    void post(GoodDomain domain) {
        repository.store(domain);
    }
}
