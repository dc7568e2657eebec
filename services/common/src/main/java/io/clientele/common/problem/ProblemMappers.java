package io.clientele.common.problem;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import io.clientele.common.http.RequestIds;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.validation.ConstraintViolationException;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Objects;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a resource throws into a {@link Problem}. The one boundary at which a bug is logged.
 */
public final class ProblemMappers {
    private static final Logger LOG = Logger.getLogger(ProblemMappers.class);

    private final RoutingContext routing;

    @Inject
    ProblemMappers(RoutingContext routing) {
        this.routing = routing;
    }

    @ServerExceptionMapper
    Response request(RequestException e) {
        return answer(e.code(), e.detail(), e.errors()).build();
    }

    @ServerExceptionMapper
    Response overloaded(TransientException e) {
        LOG.warnf("request not served code=%s detail=%s", e.code().code(), e.detail());
        long seconds = Math.max(1, e.retryAfter().toSeconds());
        return answer(e.code(), e.detail(), List.of())
                .header(HttpHeaders.RETRY_AFTER, seconds)
                .build();
    }

    @ServerExceptionMapper
    Response invalid(ConstraintViolationException e) {
        var errors =
                e.getConstraintViolations().stream()
                        .map(v ->
                                new FieldError(String.valueOf(v.getPropertyPath()), v.getMessage()))
                        .toList();
        return answer(CommonError.REQUEST_INVALID, "A parameter is not valid.", errors).build();
    }

    @ServerExceptionMapper
    Response json(JsonProcessingException e) {
        return answerJson(e).build();
    }

    @ServerExceptionMapper
    @Priority(Priorities.USER)
    Response web(WebApplicationException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof JsonProcessingException json) {
                return answerJson(json).build();
            }
        }
        int status = e.getResponse().getStatus();
        if (status >= 500) {
            return bug(e);
        }
        var code =
                switch (status) {
                    case 401 -> CommonError.TOKEN_MISSING_OR_INVALID;
                    case 403 -> CommonError.ROLE_MISSING;
                    case 404 -> CommonError.NOT_FOUND;
                    case 405 -> CommonError.METHOD_NOT_ALLOWED;
                    case 413 -> CommonError.BODY_TOO_LARGE;
                    case 415 -> CommonError.MEDIA_TYPE_UNSUPPORTED;
                    default -> CommonError.REQUEST_INVALID;
                };
        var detail =
                switch (code) {
                    case NOT_FOUND -> "There is nothing at " + routing.request().path() + ".";
                    case METHOD_NOT_ALLOWED ->
                            routing.request().method()
                                    + " is not allowed at "
                                    + routing.request().path()
                                    + ".";
                    case MEDIA_TYPE_UNSUPPORTED ->
                            "The content type "
                                    + routing.request().getHeader(HttpHeaders.CONTENT_TYPE)
                                    + " is not read at "
                                    + routing.request().path()
                                    + ".";
                    default ->
                            Objects.requireNonNullElse(e.getMessage(), "The request is not valid.");
                };
        return answer(code, detail, List.of()).build();
    }

    @ServerExceptionMapper
    @Priority(Priorities.USER)
    Response unauthorized(UnauthorizedException e) {
        return unauthenticated();
    }

    @ServerExceptionMapper
    @Priority(Priorities.USER)
    Response authenticationFailed(AuthenticationFailedException e) {
        return unauthenticated();
    }

    @ServerExceptionMapper
    @Priority(Priorities.USER)
    Response forbidden(ForbiddenException e) {
        return answer(
                        CommonError.ROLE_MISSING,
                        "The token has none of the roles that this route asks for.",
                        List.of())
                .build();
    }

    @ServerExceptionMapper
    Response anythingElse(Throwable e) {
        return bug(e);
    }

    private Response unauthenticated() {
        return answer(
                        CommonError.TOKEN_MISSING_OR_INVALID,
                        "Send a valid access token: Authorization: Bearer <token>.",
                        List.of())
                .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
                .build();
    }

    private Response.ResponseBuilder answerJson(JsonProcessingException e) {
        if (e instanceof JsonMappingException mapping
                && !(e.getCause() instanceof JsonParseException)) {
            var detail = Objects.requireNonNullElse(mapping.getOriginalMessage(), "does not fit");
            int technical = detail.indexOf(" (class ");
            if (technical > 0) {
                detail = detail.substring(0, technical);
            }
            return answer(
                    CommonError.BODY_INVALID,
                    "The body does not have the form that is expected.",
                    List.of(new FieldError(JsonPointers.of(mapping), detail)));
        }
        var location = e.getLocation();
        var place =
                location == null
                        ? ""
                        : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
        return answer(
                CommonError.JSON_INVALID,
                "The body is no JSON" + place + ": " + e.getOriginalMessage(),
                List.of());
    }

    private Response bug(Throwable e) {
        LOG.errorf(e, "request failed requestId=%s path=%s", requestId(), routing.request().path());
        return answer(
                        CommonError.INTERNAL,
                        "This is our fault. Quote " + requestId() + " to support.",
                        List.of())
                .build();
    }

    private Response.ResponseBuilder answer(
            ErrorCode code, String detail, List<FieldError> errors) {
        return Response.status(code.category().status())
                .type(MediaType.valueOf(Problem.MEDIA_TYPE))
                .entity(Problem.of(code, detail, requestId(), errors));
    }

    private @Nullable String requestId() {
        return RequestIds.of(routing);
    }
}
