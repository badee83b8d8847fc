package dev.penstock.controlplane;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.persistence.Entity;
import org.junit.jupiter.api.Test;

/** The fences between the packages that no compiler keeps. */
class FenceTest {

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.penstock.controlplane");

  @Test
  void onlyWireSeesGeneratedTypesAndGrpc() {
    noClasses()
        .that()
        .resideOutsideOfPackage("..wire..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.penstock.proto..", "com.google.protobuf..", "io.grpc..")
        .because("generated types end in wire; give it a record instead")
        .check(MAIN);
  }

  @Test
  void entitiesStayInTheirPackage() {
    classes()
        .that()
        .areAnnotatedWith(Entity.class)
        .should()
        .bePackagePrivate()
        .because("others get records, which no session watches")
        .check(MAIN);
  }

  @Test
  void storesAskForNoRequest() {
    noClasses()
        .that()
        .haveSimpleNameEndingWith("Store")
        .or()
        .haveSimpleNameEndingWith("Rows")
        .or()
        .areAnnotatedWith(Entity.class)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jakarta.ws.rs..")
        .because("what is stored does not depend on how it was asked for")
        .check(MAIN);
  }
}
