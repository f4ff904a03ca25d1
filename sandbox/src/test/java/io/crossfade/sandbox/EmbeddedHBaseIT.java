package io.crossfade.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Admin;
import org.apache.hadoop.hbase.client.ColumnFamilyDescriptorBuilder;
import org.apache.hadoop.hbase.client.Connection;
import org.apache.hadoop.hbase.client.ConnectionFactory;
import org.apache.hadoop.hbase.client.Get;
import org.apache.hadoop.hbase.client.Put;
import org.apache.hadoop.hbase.client.Table;
import org.apache.hadoop.hbase.client.TableDescriptorBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EmbeddedHBaseIT {
  private static final byte[] FAMILY = bytes("f");
  private static final byte[] COLUMN = bytes("c");
  private static final byte[] ROW = bytes("row");

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static TableName createTable(Connection connection) throws IOException {
    TableName name = TableName.valueOf(SharedServers.uniqueSchema("sandbox"));
    try (Admin admin = connection.getAdmin()) {
      admin.createTable(
          TableDescriptorBuilder.newBuilder(name)
              .setColumnFamily(ColumnFamilyDescriptorBuilder.of(FAMILY))
              .build());
    }
    return name;
  }

  private static void put(Connection connection, TableName name, String value) throws IOException {
    try (Table table = connection.getTable(name)) {
      table.put(new Put(ROW).addColumn(FAMILY, COLUMN, bytes(value)));
    }
  }

  private static String get(Connection connection, TableName name) throws IOException {
    try (Table table = connection.getTable(name)) {
      return new String(table.get(new Get(ROW)).getValue(FAMILY, COLUMN), StandardCharsets.UTF_8);
    }
  }

  @Test
  void servesClientsThatKnowNoZooKeeper() throws IOException {
    try (Connection connection =
        ConnectionFactory.createConnection(SharedServers.hbase().clientConfiguration())) {
      TableName name = createTable(connection);
      put(connection, name, "seen");
      assertThat(get(connection, name)).isEqualTo("seen");
    }
  }

  @Test
  void keepsAnAcknowledgedRowOverAKillAndStallsWhilePaused() throws IOException {
    try (EmbeddedHBase hbase = EmbeddedHBase.start(HBaseOptions.temporary())) {
      final String servers = hbase.bootstrapServers();
      final TableName name;
      try (Connection connection =
          ConnectionFactory.createConnection(hbase.clientConfiguration())) {
        name = createTable(connection);
        put(connection, name, "acknowledged");
        hbase.kill9();
        assertThat(hbase.isAlive()).isFalse();
      }

      hbase.restart();

      assertThat(hbase.bootstrapServers()).isEqualTo(servers);
      try (Connection connection =
          ConnectionFactory.createConnection(hbase.clientConfiguration())) {
        assertThat(get(connection, name)).isEqualTo("acknowledged");
      }
      Configuration impatient = hbase.clientConfiguration();
      impatient.setInt("hbase.client.operation.timeout", 500);
      impatient.setInt("hbase.rpc.timeout", 500);
      impatient.setInt("hbase.client.retries.number", 1);
      try (Connection connection = ConnectionFactory.createConnection(impatient)) {
        assertThat(get(connection, name)).isEqualTo("acknowledged");
        hbase.pause();
        assertThatThrownBy(() -> get(connection, name)).isInstanceOf(IOException.class);
        hbase.resume();
        assertThat(get(connection, name)).isEqualTo("acknowledged");
      }
    }
  }

  @Test
  void isBlackHoledByLinksAtItsAdvertisedAddress() throws IOException {
    String far = "127.0.0.2";
    int master = Loopback.freePort();
    int regionServer = Loopback.freePort();
    try (FaultyLink masterLink = FaultyLink.between(far, master, Loopback.HOST, master);
        FaultyLink regionServerLink =
            FaultyLink.between(far, regionServer, Loopback.HOST, regionServer);
        EmbeddedHBase hbase =
            EmbeddedHBase.start(
                HBaseOptions.temporary().withPorts(master, regionServer).withAdvertisedHost(far))) {
      Configuration impatient = hbase.clientConfiguration();
      impatient.setInt("hbase.client.operation.timeout", 1000);
      impatient.setInt("hbase.client.meta.operation.timeout", 1000);
      impatient.setInt("hbase.rpc.timeout", 500);
      impatient.setInt("hbase.client.retries.number", 1);
      try (Connection patient = ConnectionFactory.createConnection(hbase.clientConfiguration());
          Connection connection = ConnectionFactory.createConnection(impatient)) {
        TableName name = createTable(patient);
        put(connection, name, "through the link");
        assertThat(get(connection, name)).isEqualTo("through the link");
        assertThat(regionServerLink.connections()).isPositive();

        regionServerLink.blackhole();
        assertThatThrownBy(() -> get(connection, name)).isInstanceOf(IOException.class);
        regionServerLink.heal();
        assertThat(get(patient, name)).isEqualTo("through the link");
        assertThat(masterLink.connections()).isPositive();
      }
    }
  }

  @Test
  void endsWithTheCauseWhenAPortIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, Loopback.address(Loopback.HOST))) {
      HBaseOptions options = HBaseOptions.temporary().withPorts(0, taken.getLocalPort());

      assertThatThrownBy(() -> EmbeddedHBase.start(options))
          .isInstanceOf(SandboxException.class)
          .hasMessageContaining("Address already in use");
    }
  }
}
