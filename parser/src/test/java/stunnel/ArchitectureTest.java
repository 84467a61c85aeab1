package stunnel;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the packages point one way. */
@AnalyzeClasses(packages = "stunnel", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    /** But for the annotation of the package itself, which a compiler reads and nothing else. */
    @ArchTest
    static final ArchRule planKnowsTheJdkAlone = classes()
            .that()
            .resideInAPackage("stunnel.plan")
            .and(not(simpleName("package-info")))
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "stunnel.plan");

    @ArchTest
    static final ArchRule diagnosticsKnowTheJdkAlone = classes()
            .that()
            .resideInAPackage("stunnel.diagnostic")
            .and(not(simpleName("package-info")))
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "stunnel.diagnostic");

    @ArchTest
    static final ArchRule grammarsKnowAntlrAlone = classes()
            .that()
            .resideInAPackage("stunnel.grammar")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.antlr..", "stunnel.grammar");

    @ArchTest
    static final ArchRule onePackageKnowsAntlr = noClasses()
            .that()
            .resideOutsideOfPackages("stunnel.grammar", "stunnel.parser.syntax")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.antlr..", "stunnel.grammar");

    @ArchTest
    static final ArchRule onePackageKnowsTypesafeConfig = noClasses()
            .that()
            .resideOutsideOfPackage("stunnel.config.hocon")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.typesafe..");

    @ArchTest
    static final ArchRule whoKnowsAntlrIsNotSeen = noClasses()
            .that()
            .resideInAnyPackage("stunnel.parser.syntax")
            .and()
            .arePublic()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.antlr..", "stunnel.grammar");

    @ArchTest
    static final ArchRule whoKnowsTypesafeConfigIsNotSeen = noClasses()
            .that()
            .resideInAnyPackage("stunnel.config.hocon")
            .and()
            .arePublic()
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.typesafe..");

    @ArchTest
    static final ArchRule theParserDoesNotKnowTheSettings = noClasses()
            .that()
            .resideInAPackage("stunnel.parser..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("stunnel.config..");

    @ArchTest
    static final ArchRule packagesFormNoCircle =
            slices().matching("stunnel.(**)").should().beFreeOfCycles();

    /** A JVM is started for each job: a regular expression or a formatter costs its user more than a loop. Who explains characters comes after it. */
    @ArchTest
    static final ArchRule theWayToAVerdictIsPlain = noClasses()
            .that()
            .resideInAnyPackage("stunnel.plan", "stunnel.parser..", "stunnel.config..")
            .and(not(simpleName("ForeignCharacters")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.util.regex", "java.util.stream", "java.text");
}
