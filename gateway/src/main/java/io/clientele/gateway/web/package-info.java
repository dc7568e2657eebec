/**
 * What every answer of the gateway has, and the paths beside {@code /v1}: {@link
 * io.clientele.gateway.web.SecurityHeaders}, the access log, the pages. The pages themselves are
 * static resources served from {@code /}; what they must know to sign somebody in is at {@code
 * /sign-in.json}.
 */
@NullMarked
package io.clientele.gateway.web;

import org.jspecify.annotations.NullMarked;
