package io.clientele.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private final JavaClasses engine =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("io.clientele.engine");

    @Test
    void dependsOnTheJdkJacksonJSpecifyAndRoaringBitmapOnly() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.clientele.engine..",
                        "java.lang..",
                        "java.math..",
                        "java.nio..",
                        "java.text..",
                        "java.time..",
                        "java.util..",
                        "com.fasterxml.jackson.databind..",
                        "jdk.incubator.vector..",
                        "org.jspecify.annotations..",
                        "org.roaringbitmap..")
                .because(
                        "the engine is a library without framework, logging or I/O; what it needs"
                                + " is passed to it by the service")
                .check(engine);
    }

    @Test
    void hasNoClockOfItsOwn() {
        noClasses()
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(LocalDate.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .because("every answer is a function of the instant asked about; pass it")
                .check(engine);
    }

    @Test
    void columnsKnowNothingOfConditions() {
        noClasses()
                .that()
                .resideInAPackage("io.clientele.engine.internal..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.clientele.engine")
                .because(
                        "columns, bits and loops are told codes, numbers and instants; what they"
                                + " mean is for the package above")
                .check(engine);
    }

    @Test
    void hasASmallPublicFace() {
        List<String> open =
                engine.stream()
                        .filter(type -> type.getPackageName().equals("io.clientele.engine"))
                        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                        .filter(JavaClass::isTopLevelClass)
                        .map(JavaClass::getSimpleName)
                        .toList();
        assertThat(open)
                .as("at most 15: make package-private what the service does not need")
                .hasSizeLessThanOrEqualTo(15)
                .contains(
                        "Conditions",
                        "Evaluator",
                        "MemberHistory",
                        "ProgramModel",
                        "Shard",
                        "Snapshot");
    }
}
