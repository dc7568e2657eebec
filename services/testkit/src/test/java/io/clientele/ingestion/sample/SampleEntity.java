package io.clientele.ingestion.sample;

/** What is stored. */
public final class SampleEntity {
    long id;
}
