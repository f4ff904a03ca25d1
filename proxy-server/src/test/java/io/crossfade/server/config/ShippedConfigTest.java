package io.crossfade.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.server.config.CrossfadeConfig.Admin;
import io.crossfade.server.config.CrossfadeConfig.Limits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShippedConfigTest {
  private static final Path FILE = Path.of("..", "conf", "crossfade.yaml");

  @Test
  void isAcceptedAndShowsTheDefaults() throws Exception {
    ConfigLoader loader =
        new ConfigLoader(
            List.of(new RawPlugin("dualwrite"), new RawPlugin("readswitch")),
            Map.of("CROSSFADE_MYSQL_PASSWORD", "secret")::get);

    LoadedConfig loaded = loader.load(FILE);

    assertThat(loaded.config().listen()).containsExactly(Endpoint.of("127.0.0.1", 3307));
    assertThat(loaded.config().requireTls()).isFalse();
    assertThat(loaded.config().tcp()).isEqualTo(new CrossfadeConfig.Tcp(null, null, null, null));
    assertThat(loaded.config().proxyProtocol()).isEqualTo(new CrossfadeConfig.ProxyProtocol(null));
    assertThat(loaded.config().limits())
        .isEqualTo(new Limits(null, null, null, null, null, null, null));
    assertThat(loaded.config().admin()).isEqualTo(new Admin(null, null));
    assertThat(loaded.plugins())
        .extracting(BoundPlugin::name)
        .containsExactlyInAnyOrder("dualwrite", "readswitch");
  }

  @Test
  void explainsEveryKeyThatExists() throws Exception {
    String text = Files.readString(FILE);

    for (Class<?> section :
        List.of(
            CrossfadeConfig.class,
            Limits.class,
            Admin.class,
            CrossfadeConfig.Tls.class,
            CrossfadeConfig.Mysql.class,
            CrossfadeConfig.MysqlTls.class,
            CrossfadeConfig.ProxyProtocol.class,
            CrossfadeConfig.Tcp.class,
            CrossfadeConfig.Table.class)) {
      for (var component : section.getRecordComponents()) {
        assertThat(text).contains(Kebab.of(component.getName()) + ":");
      }
    }
  }
}
