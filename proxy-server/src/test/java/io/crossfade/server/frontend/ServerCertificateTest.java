package io.crossfade.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServerCertificateTest {
  @Test
  void isSelfSignedAndValidNow() throws Exception {
    ServerCertificate own = ServerCertificate.generate();
    own.certificate().checkValidity();
    own.certificate().verify(own.certificate().getPublicKey());
    assertThat(own.certificate().getSubjectX500Principal().getName()).contains("Crossfade");
    assertThat(own.certificate().getSerialNumber()).isPositive();
  }
}
