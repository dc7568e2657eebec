/** Good and bad code for the tests of the rules. */
@NullMarked
package io.clientele.ingestion.sample;

import org.jspecify.annotations.NullMarked;
