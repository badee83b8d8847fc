package dev.penstock.dataplane.wire;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The words on the wire change at another pace than the node; this package is where they end. */
class FenceTest {

  private final JavaClasses node =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.penstock.dataplane");

  @Test
  void onlyThisPackageSeesGeneratedTypesAndGrpc() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.penstock.dataplane.wire..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.penstock.proto..", "com.google.protobuf..", "io.grpc..")
        .because("generated types end in dev.penstock.dataplane.wire; give it a record instead")
        .check(node);
  }
}
