package io.clientele.reporting;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import io.clientele.testkit.ServiceArchitecture;

@AnalyzeClasses(
        packages = "io.clientele.reporting",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ReportingArchitectureTest {
    @ArchTest static final ArchTests RULES = ArchTests.in(ServiceArchitecture.class);
}
