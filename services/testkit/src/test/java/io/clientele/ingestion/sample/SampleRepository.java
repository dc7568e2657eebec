package io.clientele.ingestion.sample;

import java.util.ArrayList;
import java.util.List;

/** Storage. */
public final class SampleRepository {
    private final List<SampleEntity> stored = new ArrayList<>();

    void store(GoodDomain domain) {
        SampleEntity entity = new SampleEntity();
        entity.id = domain.id();
        stored.add(entity);
    }
}
