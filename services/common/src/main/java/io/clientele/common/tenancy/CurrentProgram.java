package io.clientele.common.tenancy;

import io.clientele.common.problem.CommonError;
import io.clientele.common.problem.RequestException;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** The program of the request: the verified token's claim {@code program}, and nothing else. */
@RequestScoped
public class CurrentProgram {
    private static final Pattern ALLOWED = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    private final JsonWebToken token;
    private final Clock clock;

    @Inject
    CurrentProgram(JsonWebToken token, Clock clock) {
        this.token = token;
        this.clock = clock;
    }

    /**
     * The program.
     *
     * @throws RequestException 403 if the token names none
     */
    public String id() {
        Object claim = token.getClaim("program");
        if (claim instanceof String program && ALLOWED.matcher(program).matches()) {
            return program;
        }
        throw new RequestException(
                CommonError.PROGRAM_MISSING,
                "The token's claim \"program\" must name the program; this token has none.");
    }

    /** How long the token is valid from now on; what it may read ends then. */
    public Duration validity() {
        return Duration.between(clock.instant(), Instant.ofEpochSecond(token.getExpirationTime()));
    }

    /** The token itself, to go along when another instance is asked on the caller's behalf. */
    public String token() {
        return token.getRawToken();
    }

    /** Who asks, for the audit log: the token's preferred user name, else its client. */
    public String actor() {
        var name = token.getName();
        Object client = token.getClaim("azp");
        return name != null ? name : String.valueOf(client);
    }
}
