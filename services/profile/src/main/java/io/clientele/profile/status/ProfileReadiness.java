package io.clientele.profile.status;

import com.mongodb.MongoException;
import io.clientele.profile.ProfileService;
import io.clientele.profile.store.Store;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready: started, the last batches went through, and the store answers within a second. */
@Readiness
@ApplicationScoped
class ProfileReadiness implements HealthCheck {
    private final ProfileService service;
    private final Store store;

    @Inject
    ProfileReadiness(ProfileService service, Store store) {
        this.service = service;
        this.store = store;
    }

    @Override
    public HealthCheckResponse call() {
        boolean answers = storeAnswers();
        return HealthCheckResponse.named("profile")
                .status(answers && service.isResolving() && service.isApplying())
                .withData("started", service.isStarted())
                .withData("resolving", service.isResolving())
                .withData("applying", service.isApplying())
                .withData("store", answers)
                .build();
    }

    private boolean storeAnswers() {
        try {
            store.ping();
            return true;
        } catch (MongoException e) {
            return false;
        }
    }
}
