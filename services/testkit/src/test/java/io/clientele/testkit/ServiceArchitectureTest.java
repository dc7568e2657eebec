package io.clientele.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.clientele.ingestion.sample.BadDomain;
import io.clientele.ingestion.sample.BadResource;
import io.clientele.ingestion.sample.BadService;
import io.clientele.ingestion.sample.GoodDomain;
import io.clientele.ingestion.sample.GoodResource;
import io.clientele.ingestion.sample.GoodService;
import io.clientele.ingestion.sample.SampleEntity;
import io.clientele.ingestion.sample.SampleRepository;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules hold good code and refuse bad code, each with its reason. */
class ServiceArchitectureTest {
    private static final JavaClasses GOOD =
            new ClassFileImporter()
                    .importClasses(
                            GoodDomain.class,
                            GoodResource.class,
                            GoodService.class,
                            SampleRepository.class,
                            SampleEntity.class,
                            packageInfo());

    private static Class<?> packageInfo() {
        try {
            return Class.forName(GoodDomain.class.getPackageName() + ".package-info");
        } catch (ClassNotFoundException missing) {
            throw new AssertionError(missing);
        }
    }

    static List<ArchRule> rules() {
        return Arrays.stream(ServiceArchitecture.class.getFields())
                .filter(field -> ArchRule.class.isAssignableFrom(field.getType()))
                .map(ServiceArchitectureTest::rule)
                .toList();
    }

    private static ArchRule rule(java.lang.reflect.Field field) {
        try {
            return (ArchRule) field.get(null);
        } catch (IllegalAccessException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @ParameterizedTest
    @MethodSource("rules")
    void goodCodePasses(ArchRule rule) {
        assertThatCode(() -> rule.check(GOOD)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void everyRuleSaysWhy(ArchRule rule) {
        assertThat(rule.getDescription()).contains("because ");
    }

    @Test
    void aResourceMayNotUseARepository() {
        assertRefused(
                ServiceArchitecture.RESOURCES_CALL_SERVICES, BadResource.class, "SampleRepository");
    }

    @Test
    void aDomainTypeMayNotUseAFramework() {
        assertRefused(ServiceArchitecture.DOMAIN_IS_PLAIN_JAVA, BadDomain.class, "ObjectMapper");
    }

    @Test
    void aServiceMayNotUseAnotherService() {
        assertRefused(
                ServiceArchitecture.NO_SERVICE_USES_A_SERVICE,
                BadService.class,
                "io.clientele.profile.Foreign");
    }

    @Test
    void theSystemClockIsRefused() {
        assertRefused(
                ServiceArchitecture.TIME_COMES_FROM_A_CLOCK, BadService.class, "Instant.now()");
        assertRefused(
                ServiceArchitecture.TIME_COMES_FROM_A_CLOCK,
                BadService.class,
                "System.currentTimeMillis()");
    }

    @Test
    void standardStreamsAreRefused() {
        assertRefused(
                ServiceArchitecture.NO_STANDARD_STREAMS, BadService.class, "java.lang.System.out");
    }

    @Test
    void sleepingIsRefused() {
        assertRefused(
                ServiceArchitecture.NO_SLEEP, BadService.class, "java.lang.Thread.sleep(long)");
    }

    @Test
    void unseededRandomIsRefused() {
        assertRefused(
                ServiceArchitecture.NO_UNSEEDED_RANDOM,
                BadService.class,
                "java.util.Random.<init>()");
    }

    @Test
    void unnamedThreadsAreRefused() {
        assertRefused(
                ServiceArchitecture.THREADS_HAVE_NAMES,
                BadService.class,
                "Thread.<init>(java.lang.Runnable)");
        assertRefused(
                ServiceArchitecture.THREADS_HAVE_NAMES,
                BadService.class,
                "newSingleThreadExecutor()");
    }

    @Test
    void packagesWithoutNullMarkedAreRefused() {
        assertRefused(
                ServiceArchitecture.PACKAGES_ARE_NULL_MARKED,
                io.clientele.profile.Foreign.class,
                "io.clientele.profile");
    }

    private static void assertRefused(ArchRule rule, Class<?> bad, String named) {
        JavaClasses classes = new ClassFileImporter().importClasses(bad);
        assertThatThrownBy(() -> rule.check(classes))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(named);
    }
}
