package io.clientele.testkit;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethodWhere;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.NullMarked;

/**
 * The borders every service keeps. A service's test:
 *
 * <pre>{@code
 * @AnalyzeClasses(packages = "io.clientele.ingestion", importOptions = ImportOption.DoNotIncludeTests.class)
 * class ArchitectureTest {
 *     @ArchTest
 *     static final ArchTests RULES = ArchTests.in(ServiceArchitecture.class);
 * }
 * }</pre>
 */
public final class ServiceArchitecture {
    private static final Set<String> SERVICES =
            Set.of(
                    "gateway",
                    "ingestion",
                    "profile",
                    "segmentation",
                    "campaignresponse",
                    "reporting");
    private static final List<String> ROLES =
            List.of(
                    "Service",
                    "Resource",
                    "Repository",
                    "Entity",
                    "Document",
                    "Consumer",
                    "Publisher",
                    "Client",
                    "Metrics",
                    "Config");

    private static final DescribedPredicate<JavaClass> STORAGE =
            simpleNameEndingWith("Repository")
                    .or(simpleNameEndingWith("Entity"))
                    .or(simpleNameEndingWith("Document"))
                    .as("a repository or what it stores");

    private static final DescribedPredicate<JavaClass> DOMAIN =
            describe(
                    "a domain type (a record or enum without the suffix of a role)",
                    type ->
                            (type.isRecord() || type.isEnum())
                                    && type.getEnclosingClass().isEmpty()
                                    && ROLES.stream().noneMatch(type.getSimpleName()::endsWith));

    @ArchTest
    public static final ArchRule RESOURCES_CALL_SERVICES =
            noClasses()
                    .that()
                    .haveSimpleNameEndingWith("Resource")
                    .should()
                    .dependOnClassesThat(STORAGE)
                    .because("a resource is HTTP only: parse, call one method of a service, answer")
                    .allowEmptyShould(true);

    @ArchTest
    public static final ArchRule MESSAGING_CALLS_SERVICES =
            noClasses()
                    .that()
                    .haveSimpleNameEndingWith("Consumer")
                    .or()
                    .haveSimpleNameEndingWith("Publisher")
                    .should()
                    .dependOnClassesThat(
                            simpleNameEndingWith("Entity").or(simpleNameEndingWith("Resource")))
                    .because(
                            "a consumer or publisher is Kafka only: it calls a service and uses"
                                    + " contracts")
                    .allowEmptyShould(true);

    @ArchTest
    public static final ArchRule STORAGE_KNOWS_NO_CALLER =
            noClasses()
                    .that(STORAGE)
                    .should()
                    .dependOnClassesThat(
                            simpleNameEndingWith("Resource")
                                    .or(simpleNameEndingWith("Service"))
                                    .or(simpleNameEndingWith("Consumer"))
                                    .or(simpleNameEndingWith("Publisher")))
                    .because(
                            "dependencies point from the border to the store; map to and from the"
                                    + " domain instead")
                    .allowEmptyShould(true);

    @ArchTest
    public static final ArchRule DOMAIN_IS_PLAIN_JAVA =
            classes()
                    .that(DOMAIN)
                    .should()
                    .onlyDependOnClassesThat(
                            resideInAnyPackage(
                                            "java..",
                                            "io.clientele..",
                                            "org.jspecify..",
                                            "com.fasterxml.jackson.annotation..",
                                            "org.eclipse.microprofile.openapi.annotations..",
                                            "io.quarkus.runtime.annotations..")
                                    .or(
                                            describe(
                                                    "a primitive or an array",
                                                    type -> type.isPrimitive() || type.isArray())))
                    .because(
                            "a domain type is readable without a framework; put storage into an"
                                    + " Entity or Document, HTTP into a Resource")
                    .allowEmptyShould(true);

    @ArchTest
    public static final ArchRule NO_SERVICE_USES_A_SERVICE =
            classes()
                    .should(useNoOtherService())
                    .because(
                            "what two services need is an event, an endpoint or a record of"
                                    + " contracts")
                    .allowEmptyShould(true);

    @ArchTest
    public static final ArchRule FEATURES_HAVE_NO_CYCLES =
            slices().matching("io.clientele.*.(*)..")
                    .should()
                    .beFreeOfCycles()
                    .because("a feature that needs another that needs it is one feature")
                    .allowEmptyShould(true);

    @ArchTest
    public static final ArchRule NAMES_OF_PACKAGES =
            noClasses()
                    .should()
                    .resideInAnyPackage(
                            "..util..",
                            "..utils..",
                            "..helper..",
                            "..helpers..",
                            "..manager..",
                            "..impl..")
                    .because("packages are features, named in the business's words")
                    .allowEmptyShould(true);

    @ArchTest
    public static final ArchRule PACKAGES_ARE_NULL_MARKED =
            classes()
                    .that(not(resideInAnyPackage("io.quarkus..", "org..")))
                    .should(resideInNullMarkedPackage())
                    .because(
                            "null is an error unless @Nullable says otherwise: write a"
                                    + " package-info.java with @NullMarked")
                    .allowEmptyShould(true);

    @ArchTest
    public static final ArchRule TIME_COMES_FROM_A_CLOCK =
            noClasses()
                    .should(callMethodWhere(readsTheSystemClock()))
                    .because(
                            "a test cannot move the system clock: inject a java.time.Clock and call"
                                    + " clock.instant()")
                    .allowEmptyShould(true);

    @ArchTest
    public static final ArchRule NO_STANDARD_STREAMS =
            noClasses()
                    .should(ACCESS_STANDARD_STREAMS)
                    .because("an operator reads the log: use org.jboss.logging.Logger")
                    .allowEmptyShould(true);

    @ArchTest
    public static final ArchRule NO_SLEEP =
            noClasses()
                    .should()
                    .callMethodWhere(target(Thread.class, "sleep"))
                    .because(
                            "a wait has a condition: await it, schedule it or poll Kafka with a"
                                    + " timeout")
                    .allowEmptyShould(true);

    @ArchTest
    public static final ArchRule NO_UNSEEDED_RANDOM =
            noClasses()
                    .should()
                    .callConstructor(Random.class)
                    .orShould()
                    .callMethodWhere(target(Math.class, "random"))
                    .because(
                            "what is random must be replayable or secret: use a SplittableRandom"
                                    + " with a seed, or SecureRandom")
                    .allowEmptyShould(true);

    @ArchTest
    public static final ArchRule THREADS_HAVE_NAMES =
            noClasses()
                    .should()
                    .callConstructor(Thread.class)
                    .orShould()
                    .callConstructor(Thread.class, Runnable.class)
                    .orShould()
                    .callMethodWhere(target(Thread.class, "startVirtualThread"))
                    .orShould()
                    .callMethodWhere(unnamedExecutor())
                    .because(
                            "a thread dump must say whose thread it is: use"
                                    + " Thread.ofVirtual().name(…) or give the executor a named"
                                    + " factory")
                    .allowEmptyShould(true);

    @ArchTest
    public static final ArchRule CONSTRUCTOR_INJECTION =
            noFields()
                    .should()
                    .beAnnotatedWith("jakarta.inject.Inject")
                    .orShould()
                    .beAnnotatedWith("org.eclipse.microprofile.config.inject.ConfigProperty")
                    .because(
                            "an object is complete when it is made: take it in the constructor and"
                                    + " keep it in a final field")
                    .allowEmptyShould(true);

    private ServiceArchitecture() {}

    private static DescribedPredicate<JavaMethodCall> readsTheSystemClock() {
        return describe(
                "the system clock",
                call -> {
                    AccessTarget.MethodCallTarget target = call.getTarget();
                    boolean now =
                            target.getName().equals("now")
                                    && target.getOwner().getPackageName().equals("java.time")
                                    && target.getRawParameterTypes().stream()
                                            .noneMatch(parameter ->
                                                    parameter.isEquivalentTo(
                                                            java.time.Clock.class));
                    return now
                            || target.getOwner().isEquivalentTo(System.class)
                                    && target.getName().equals("currentTimeMillis");
                });
    }

    private static DescribedPredicate<JavaMethodCall> unnamedExecutor() {
        return describe(
                "an executor with unnamed threads",
                call -> {
                    AccessTarget.MethodCallTarget target = call.getTarget();
                    return target.getOwner().isEquivalentTo(Executors.class)
                            && target.getName().startsWith("new")
                            && target.getRawParameterTypes().stream()
                                    .noneMatch(parameter ->
                                            parameter.isEquivalentTo(ThreadFactory.class));
                });
    }

    private static DescribedPredicate<JavaCall<?>> target(Class<?> owner, String method) {
        return describe(
                owner.getSimpleName() + "." + method,
                call ->
                        call.getTargetOwner().isEquivalentTo(owner)
                                && call.getTarget().getName().equals(method));
    }

    private static Optional<String> service(JavaClass type) {
        String[] parts = type.getPackageName().split("\\.", -1);
        return parts.length > 2
                        && parts[0].equals("io")
                        && parts[1].equals("clientele")
                        && SERVICES.contains(parts[2])
                ? Optional.of(parts[2])
                : Optional.empty();
    }

    private static ArchCondition<JavaClass> useNoOtherService() {
        return new ArchCondition<>("use no other service") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                service(type)
                        .ifPresent(own ->
                                type.getDirectDependenciesFromSelf()
                                        .forEach(dependency -> {
                                            service(
                                                            dependency
                                                                    .getTargetClass()
                                                                    .getBaseComponentType())
                                                    .filter(other -> !other.equals(own))
                                                    .ifPresent(other ->
                                                            events.add(
                                                                    SimpleConditionEvent.violated(
                                                                            dependency,
                                                                            dependency
                                                                                    .getDescription())));
                                        }));
            }
        };
    }

    private static ArchCondition<JavaClass> resideInNullMarkedPackage() {
        return new ArchCondition<>("reside in a package with @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                    events.add(
                            SimpleConditionEvent.violated(
                                    type,
                                    "package "
                                            + type.getPackageName()
                                            + " of "
                                            + type.getName()
                                            + " is not @NullMarked"));
                }
            }
        };
    }
}
