package io.crossfade.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PemIdentityTest {
  @TempDir Path directory;
  private PemFiles files;

  @BeforeEach
  void write() throws Exception {
    files = new PemFiles(directory.resolve("cert.pem"), directory.resolve("key.pem"));
    files.renew();
  }

  @Test
  void readsACertificateAndItsKey() throws Exception {
    PemIdentity identity =
        PemIdentity.read(Files.readAllBytes(files.certificate()), Files.readAllBytes(files.key()));
    assertThat(identity.chain()).hasSize(1);
    assertThat(identity.key().getAlgorithm()).isEqualTo("RSA");
  }

  @Test
  void refusesTheKeyOfAnotherCertificate() throws Exception {
    byte[] certificate = Files.readAllBytes(files.certificate());
    files.renew();
    byte[] other = Files.readAllBytes(files.key());
    assertThatThrownBy(() -> PemIdentity.read(certificate, other))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessage("the private key is not that of the certificate");
  }

  @Test
  void saysHowToConvertAKeyItCannotRead() throws Exception {
    assertThat(refusal("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----"))
        .contains("openssl pkcs8 -topk8 -nocrypt -in KEY -out NEW");
    assertThat(refusal("-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----"))
        .contains("openssl pkcs8 -topk8");
    assertThat(refusal("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA")).contains("is encrypted");
    assertThat(refusal("nonsense")).contains("no private key");
  }

  private String refusal(String key) throws Exception {
    byte[] certificate = Files.readAllBytes(files.certificate());
    try {
      PemIdentity.read(certificate, key.getBytes(StandardCharsets.US_ASCII));
      return "";
    } catch (GeneralSecurityException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
