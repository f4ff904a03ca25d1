package io.crossfade.server;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the rooms. Who wants a new arrow changes the design first. */
@AnalyzeClasses(packages = "io.crossfade", importOptions = ImportOption.DoNotIncludeTests.class)
class ArrowsTest {
  @ArchTest static final ArchRule frameKnowsNoMessage = room("frame").mayUse();

  @ArchTest static final ArchRule protocolIsValuesOfTheWire = room("protocol").mayUse("frame");

  @ArchTest
  static final ArchRule compressKnowsNoSession = room("compress").mayUse("frame", "protocol");

  @ArchTest static final ArchRule resultEncodesAnswers = room("result").mayUse("frame", "protocol");

  @ArchTest
  static final ArchRule sessionTalksToItsLegsThroughPorts =
      room("session").mayUse("frame", "protocol", "result");

  @ArchTest
  static final ArchRule backendServesTheSession =
      room("backend").mayUse("frame", "protocol", "session", "compress");

  @ArchTest
  static final ArchRule frontendServesTheSessionAndOpensTheBackend =
      room("frontend").mayUse("frame", "protocol", "session", "result", "backend", "compress");

  @ArchTest static final ArchRule configKnowsNoOtherRoom = room("config").mayUse();

  @ArchTest static final ArchRule metricsKnowNoOtherRoom = room("metrics").mayUse();

  @ArchTest static final ArchRule adminKnowsNoOtherRoom = room("admin").mayUse();

  @ArchTest
  static final ArchRule nobodyOutsideKnowsTheServer =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.crossfade.server..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.crossfade.server..")
          .because("plugins and the API see proxy-api only");

  @ArchTest
  static final ArchRule onlyTheSqlRoomUsesTheSqlParser =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.crossfade.api.sql..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.alibaba.druid..")
          .because("what a statement means is said by io.crossfade.api.sql.Statement");

  @ArchTest
  static final ArchRule theApiKnowsNeitherNettyNorHBase =
      noClasses()
          .that()
          .resideInAPackage("io.crossfade.api..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.netty..", "org.apache.hadoop..")
          .because("plugins must not depend on how the relay or the mirror is built");

  @ArchTest
  static final ArchRule valuesAndMappingArePure =
      noClasses()
          .that()
          .resideInAnyPackage("io.crossfade.api.value..", "io.crossfade.api.mapping..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.crossfade.api.plugin..")
          .because("both plugins and their tests share them");

  private static Room room(String name) {
    return new Room(name);
  }

  /** One package of the server. */
  private record Room(String name) {
    ArchRule mayUse(String... others) {
      DescribedPredicate<JavaClass> server = resideInAnyPackage("io.crossfade.server..");
      DescribedPredicate<JavaClass> allowed = resideInAnyPackage(packageOf(name));
      for (String other : others) {
        allowed = allowed.or(resideInAnyPackage(packageOf(other)));
      }
      return classes()
          .that()
          .resideInAPackage(packageOf(name))
          .should()
          .onlyDependOnClassesThat(
              allowed
                  .or(DescribedPredicate.not(server))
                  .as("are its own or of " + String.join(", ", others)))
          .allowEmptyShould(true);
    }

    private static String packageOf(String room) {
      return "io.crossfade.server." + room + "..";
    }
  }
}
