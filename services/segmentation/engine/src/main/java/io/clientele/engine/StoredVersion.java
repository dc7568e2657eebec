package io.clientele.engine;

import org.jspecify.annotations.Nullable;

/** An attribute taking a value (or none) at an instant. */
record StoredVersion(long at, String source, String id, @Nullable Value value) {}
