package io.crossfade.distribution;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows that can only be seen with the server and all plugins on one class path. */
@AnalyzeClasses(packages = "io.crossfade", importOptions = ImportOption.DoNotIncludeTests.class)
class PluginArrowsTest {
  private static final String[] PLUGINS = {"io.crossfade.dualwrite..", "io.crossfade.readswitch.."};

  @ArchTest
  static final ArchRule pluginsSeeTheApiOnly =
      noClasses()
          .that()
          .resideInAnyPackage(PLUGINS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.crossfade.server..", "io.netty..", "com.alibaba.druid..")
          .because("a plugin is written against proxy-api and nothing else of ours");

  @ArchTest
  static final ArchRule nobodySeesThePlugins =
      noClasses()
          .that()
          .resideInAnyPackage("io.crossfade.server..", "io.crossfade.api..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(PLUGINS)
          .because("plugins are found through the SPI");

  @ArchTest
  static final ArchRule kafkaIsSeenByTheStoreInKafkaOnly =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.crossfade.dualwrite.dirty.kafka..")
          .and()
          .resideInAPackage("io.crossfade..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka..", "kafka..")
          .because("its clients are loaded only if the dirty store is configured to be there");

  @ArchTest
  static final ArchRule dualWriteDoesNotSeeTheReadSwitch =
      noClasses()
          .that()
          .resideInAPackage("io.crossfade.dualwrite..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.crossfade.readswitch..")
          .because("the mirror works without it");

  @ArchTest
  static final ArchRule theReadSwitchDoesNotSeeDualWrite =
      noClasses()
          .that()
          .resideInAPackage("io.crossfade.readswitch..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.crossfade.dualwrite..")
          .because("it learns of the mirror through io.crossfade.api.plugin.MirrorState");
}
