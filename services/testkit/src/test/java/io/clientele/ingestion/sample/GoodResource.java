package io.clientele.ingestion.sample;

/** HTTP only. */
public final class GoodResource {
    private final GoodService service;

    GoodResource(GoodService service) {
        this.service = service;
    }

    void post(long id) {
        service.run(id);
    }
}
