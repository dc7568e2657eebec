package io.clientele.profile.store;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.ReadPreference;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.bson.Document;

/**
 * The store: writes are acknowledged by a majority, reads come from the primary, every wait has an
 * end. Thread-safe.
 */
@ApplicationScoped
public class Store {
    private final MongoClient client;
    private final MongoDatabase database;

    @Inject
    Store(StoreConfig config) {
        this(config.url(), config.connectTimeout(), config.answerTimeout());
    }

    /**
     * Connects; the first use finds out whether a server is there.
     *
     * @param url connection string
     * @param connectTimeout bound of each wait for a server or a connection
     * @param answerTimeout bound of each wait for an answer
     */
    public Store(String url, Duration connectTimeout, Duration answerTimeout) {
        int connectMillis = Math.toIntExact(connectTimeout.toMillis());
        int answerMillis = Math.toIntExact(answerTimeout.toMillis());
        var settings =
                MongoClientSettings.builder()
                        .applyConnectionString(new ConnectionString(url))
                        .applicationName("clientele-profile")
                        .writeConcern(WriteConcern.MAJORITY)
                        .readPreference(ReadPreference.primary())
                        .applyToClusterSettings(it ->
                                it.serverSelectionTimeout(connectMillis, TimeUnit.MILLISECONDS))
                        .applyToSocketSettings(it ->
                                it.connectTimeout(connectMillis, TimeUnit.MILLISECONDS)
                                        .readTimeout(answerMillis, TimeUnit.MILLISECONDS))
                        .applyToConnectionPoolSettings(it ->
                                it.maxSize(32).maxWaitTime(connectMillis, TimeUnit.MILLISECONDS))
                        .applyToServerSettings(it ->
                                it.heartbeatFrequency(10, TimeUnit.SECONDS)
                                        .minHeartbeatFrequency(200, TimeUnit.MILLISECONDS))
                        .build();
        client = MongoClients.create(settings);
        database = client.getDatabase("profile");
    }

    /** A collection by its name. */
    public MongoCollection<Document> collection(String name) {
        return database.getCollection(name);
    }

    /**
     * Asks the server for a sign of life, for at most a second.
     *
     * @throws com.mongodb.MongoException if there is none in time
     */
    public void ping() {
        var unused = database.withTimeout(1, TimeUnit.SECONDS).runCommand(new Document("ping", 1));
    }

    /** Ends all connections. */
    @PreDestroy
    public void close() {
        client.close();
    }
}
