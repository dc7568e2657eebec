package io.clientele.gateway.route;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithParentName;
import java.net.URI;
import java.util.Map;

/** Where the services are: their names, as the table has them, and their base addresses. */
@ConfigMapping(prefix = "clientele.services")
public interface ServicesConfig {
    /** {@code http://host:port} or {@code https://…} by service name; a path is not used. */
    @WithParentName
    Map<String, URI> addresses();
}
