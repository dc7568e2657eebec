package io.clientele.gateway.route;

import io.quarkus.runtime.Startup;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The services behind. Checked at the start: every service the table names has an address. */
@Singleton
@Startup
public class Services {
    private final Map<String, Service> services = new TreeMap<>();

    @Inject
    Services(ServicesConfig config, RouteTable table) {
        config.addresses().forEach((name, address) -> services.put(name, service(name, address)));
        for (var route : table.routes()) {
            if (!route.service().equals(Route.GATEWAY) && !services.containsKey(route.service())) {
                throw new IllegalStateException(
                        "The route %s goes to the service \"%s\", but clientele.services.%s names no address."
                                .formatted(route, route.service(), route.service()));
            }
        }
    }

    @Produces
    @Singleton
    static RouteTable table() {
        return RouteTable.load();
    }

    /** All of them, by name. */
    public Collection<Service> all() {
        return services.values();
    }

    /** The one of this name, which the table has. */
    public Service require(String name) {
        return Objects.requireNonNull(services.get(name), name);
    }

    private static Service service(String name, URI address) {
        var scheme = address.getScheme();
        boolean secure = "https".equals(scheme);
        if (address.getHost() == null || !(secure || "http".equals(scheme))) {
            throw new IllegalStateException(
                    "clientele.services.%s must be http://host:port or https://host:port, was \"%s\"."
                            .formatted(name, address));
        }
        int port = address.getPort() >= 0 ? address.getPort() : secure ? 443 : 80;
        return new Service(name, address.getHost(), port, secure);
    }
}
