package io.clientele.common;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
        packages = "io.clientele.common",
        importOptions = ImportOption.DoNotIncludeTests.class)
class CommonArchitectureTest {
    @ArchTest
    static final ArchRule KNOWS_NO_SERVICE_AND_NO_CONTRACT =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.clientele.contracts..",
                            "io.clientele.engine..",
                            "io.clientele.ingestion..",
                            "io.clientele.profile..",
                            "io.clientele.segmentation..",
                            "io.clientele.gateway..")
                    .because(
                            "what every service needs the same way has no domain words; put a type"
                                + " that crosses a border into contracts, anything else into its"
                                + " service");
}
