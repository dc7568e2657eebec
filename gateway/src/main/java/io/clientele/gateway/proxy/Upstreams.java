package io.clientele.gateway.proxy;

import io.clientele.common.http.RequestIds;
import io.clientele.gateway.route.Service;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The connections to the services: kept alive, HTTP/1.1, redirects not followed. Thread-safe. */
@Singleton
public class Upstreams {
    private static final Logger LOG = Logger.getLogger(Upstreams.class);

    private final HttpClient client;
    private final Duration connectTimeout;

    @Inject
    Upstreams(Vertx vertx, ProxyConfig config) {
        this.connectTimeout = config.connectTimeout();
        var options =
                new HttpClientOptions()
                        .setConnectTimeout((int) config.connectTimeout().toMillis())
                        .setKeepAlive(true)
                        .setKeepAliveTimeout(60)
                        .setPipelining(false)
                        .setMaxHeaderSize(16 * 1024)
                        .setMaxWaitQueueSize(config.connections())
                        .setIdleTimeout(0)
                        .setIdleTimeoutUnit(TimeUnit.SECONDS)
                        .setTcpNoDelay(true);
        this.client =
                vertx.httpClientBuilder()
                        .with(options)
                        .with(new PoolOptions().setHttp1MaxSize(config.connections()))
                        .withConnectHandler(Upstreams::connected)
                        .build();
    }

    private static void connected(HttpConnection connection) {
        connection.exceptionHandler(Upstreams::brokeOff);
    }

    /** Whoever waits for an answer is told; without a handler Vert.x logs an error too. */
    static void brokeOff(Throwable failure) {
        LOG.debugf("connection or request broken off cause=%s", failure);
    }

    @PreDestroy
    void close() {
        client.close().onFailure(e -> {});
    }

    HttpClient client() {
        return client;
    }

    Future<HttpClientRequest> connect(Service service) {
        return client.request(options(service));
    }

    /**
     * Reads a small document of a service.
     *
     * @param path with its query
     * @param authorization passed on, if there is one
     * @param requestId passed on, if there is one
     * @param timeout for the whole
     * @return the answer, whatever its status; fails if none came in time
     */
    public Future<Answer> fetch(
            Service service,
            String path,
            @Nullable String authorization,
            @Nullable String requestId,
            Duration timeout) {
        var options =
                options(service)
                        .setMethod(HttpMethod.GET)
                        .setURI(path)
                        .setIdleTimeout(timeout.toMillis())
                        .putHeader(HttpHeaders.ACCEPT, "application/json");
        if (authorization != null) {
            options.putHeader(HttpHeaders.AUTHORIZATION, authorization);
        }
        if (requestId != null) {
            options.putHeader(RequestIds.HEADER, requestId);
        }
        return client.request(options)
                .onSuccess(request -> request.exceptionHandler(Upstreams::brokeOff))
                .compose(HttpClientRequest::send)
                .compose(response ->
                        response.body().map(body -> new Answer(response.statusCode(), body)))
                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    private RequestOptions options(Service service) {
        return new RequestOptions()
                .setHost(service.host())
                .setPort(service.port())
                .setSsl(service.secure())
                .setConnectTimeout(connectTimeout.toMillis());
    }

    /**
     * What a service answered.
     *
     * @param status HTTP status
     * @param body all of it
     */
    public record Answer(int status, Buffer body) {}
}
