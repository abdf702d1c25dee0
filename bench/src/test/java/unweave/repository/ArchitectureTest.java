package unweave.repository;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import org.junit.jupiter.api.Test;

/**
 * The arrows of app/docs/architecture.md: each module uses only those that are named for it there, and no packages use
 * each other in a circle.
 */
class ArchitectureTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("unweave");

    @Test
    void modulesUseOnlyTheModulesBelowThem() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("unweave..")
                .layer("kernels")
                .definedBy(resideInAPackage("unweave.kernels..").and(resideOutsideOfPackage("unweave.kernels.cuda..")))
                .layer("cuda")
                .definedBy("unweave.kernels.cuda..")
                .layer("engine")
                .definedBy("unweave.engine..")
                .layer("lrp")
                .definedBy("unweave.lrp..")
                .layer("drsa")
                .definedBy("unweave.drsa..")
                .layer("audio")
                .definedBy("unweave.audio..")
                .layer("explain")
                .definedBy("unweave.explain..")
                .layer("report")
                .definedBy("unweave.report..", "unweave.figure..")
                .layer("experiments")
                .definedBy("unweave.experiments..")
                .layer("cli")
                .definedBy("unweave.cli..")
                .layer("bench")
                .definedBy("unweave.bench..")
                .whereLayer("kernels")
                .mayNotAccessAnyLayer()
                .whereLayer("cuda")
                .mayOnlyAccessLayers("kernels")
                .whereLayer("engine")
                .mayOnlyAccessLayers("kernels")
                .whereLayer("lrp")
                .mayOnlyAccessLayers("engine", "kernels")
                .whereLayer("drsa")
                .mayOnlyAccessLayers("lrp", "engine", "kernels")
                .whereLayer("audio")
                .mayNotAccessAnyLayer()
                .whereLayer("explain")
                .mayOnlyAccessLayers("drsa", "lrp", "engine", "kernels", "audio")
                .whereLayer("report")
                .mayOnlyAccessLayers("explain", "drsa", "lrp", "engine", "kernels", "audio")
                .whereLayer("experiments")
                .mayOnlyAccessLayers("report", "explain", "drsa", "lrp", "engine", "kernels", "audio")
                .whereLayer("cli")
                .mayOnlyAccessLayers("experiments", "report", "explain", "drsa", "lrp", "engine", "kernels", "audio")
                .whereLayer("bench")
                .mayNotBeAccessedByAnyLayer()
                .ensureAllClassesAreContainedInArchitecture()
                .check(CLASSES);
    }

    @Test
    void packagesFormNoCircle() {
        slices().matching("unweave.(**)").should().beFreeOfCycles().check(CLASSES);
    }
}
