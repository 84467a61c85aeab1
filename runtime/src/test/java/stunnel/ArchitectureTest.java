package stunnel;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which package may know which. */
@AnalyzeClasses(packages = "stunnel", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule arrowsPointOneWay = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("grammar")
            .definedBy("stunnel.grammar..")
            .layer("parser")
            .definedBy("stunnel.parser..", "stunnel.config..", "stunnel.dsl..")
            .layer("values")
            .definedBy("stunnel.plan..", "stunnel.diagnostic..")
            .layer("runtime")
            .definedBy("stunnel.runtime..", "stunnel.cli..")
            .whereLayer("grammar")
            .mayOnlyBeAccessedByLayers("parser")
            .whereLayer("parser")
            .mayOnlyBeAccessedByLayers("runtime")
            .whereLayer("values")
            .mayOnlyBeAccessedByLayers("parser", "runtime")
            .whereLayer("runtime")
            .mayNotBeAccessedByAnyLayer();

    @ArchTest
    static final ArchRule noCycles = slices().matching("stunnel.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyPosixKnowsJna = noClasses()
            .that()
            .resideOutsideOfPackage("stunnel.runtime.posix")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.sun.jna..");

    @ArchTest
    static final ArchRule posixShowsNoJnaType = noClasses()
            .that()
            .resideInAPackage("stunnel.runtime.posix")
            .and()
            .arePublic()
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.sun.jna..");

    @ArchTest
    static final ArchRule onlyTheCommandKnowsItsLibraries = noClasses()
            .that()
            .resideOutsideOfPackage("stunnel.cli")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("picocli..", "com.fasterxml.jackson..");

    @ArchTest
    static final ArchRule noShell =
            noClasses().should().dependOnClassesThat().haveFullyQualifiedName("java.lang.ProcessBuilder");
}
