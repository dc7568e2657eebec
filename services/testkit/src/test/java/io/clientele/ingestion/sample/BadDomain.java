package io.clientele.ingestion.sample;

import com.fasterxml.jackson.databind.ObjectMapper;

/** Needs a library to be read. */
public record BadDomain(ObjectMapper mapper) {}
