package io.clientele.contracts;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
        packages = "io.clientele.contracts",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ContractsArchitectureTest {
    @ArchTest
    static final ArchRule USES_THE_JDK_AND_ANNOTATIONS_ONLY =
            classes()
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "java..",
                            "io.clientele.contracts..",
                            "com.fasterxml.jackson.annotation..",
                            "org.jspecify.annotations..")
                    .because(
                            "contracts are read by everyone and must not bring a library along;"
                                    + " behavior belongs to the service that has it");
}
