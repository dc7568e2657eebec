/**
 * One description of the whole API: {@link io.clientele.gateway.openapi.OpenApiService} fetches
 * what each service says of itself, {@link io.clientele.gateway.openapi.OpenApiMerger} makes one
 * document of the routes in the table.
 */
@NullMarked
package io.clientele.gateway.openapi;

import org.jspecify.annotations.NullMarked;
