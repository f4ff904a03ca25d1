package io.crossfade.server.frontend;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A certificate chain and its key, read from PEM (RFC 7468); the key as PKCS#8 only. */
record PemIdentity(X509Certificate[] chain, PrivateKey key) {
  private static final Pattern PKCS8 =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]*)-----END PRIVATE KEY-----");

  /**
   * Reads both.
   *
   * @throws GeneralSecurityException with a message for the operator when they are of no use
   */
  static PemIdentity read(byte[] certificate, byte[] privateKey) throws GeneralSecurityException {
    X509Certificate[] chain =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(certificate))
            .toArray(X509Certificate[]::new);
    if (chain.length == 0) {
      throw new GeneralSecurityException("the certificate's file holds no certificate");
    }
    PublicKey of = chain[0].getPublicKey();
    PrivateKey key =
        KeyFactory.getInstance(of.getAlgorithm())
            .generatePrivate(new PKCS8EncodedKeySpec(der(privateKey)));
    if (!belong(of, key)) {
      throw new GeneralSecurityException("the private key is not that of the certificate");
    }
    return new PemIdentity(chain, key);
  }

  private static byte[] der(byte[] pem) throws GeneralSecurityException {
    String text = new String(pem, StandardCharsets.US_ASCII);
    Matcher found = PKCS8.matcher(text);
    if (found.find()) {
      return Base64.getMimeDecoder().decode(found.group(1));
    }
    if (text.contains("BEGIN ENCRYPTED PRIVATE KEY")) {
      throw new GeneralSecurityException(
          "the private key is encrypted; decrypt it: openssl pkcs8 -in KEY -out NEW");
    }
    if (text.contains("BEGIN RSA PRIVATE KEY") || text.contains("BEGIN EC PRIVATE KEY")) {
      throw new GeneralSecurityException(
          "the private key is not in PKCS#8 form; convert it:"
              + " openssl pkcs8 -topk8 -nocrypt -in KEY -out NEW");
    }
    throw new GeneralSecurityException("the key's file holds no private key in PEM form");
  }

  private static boolean belong(PublicKey of, PrivateKey key) throws GeneralSecurityException {
    String algorithm =
        switch (of.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> of.getAlgorithm();
        };
    byte[] sample = {1, 2, 3};
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(sample);
    byte[] signed = signature.sign();
    signature.initVerify(of);
    signature.update(sample);
    return signature.verify(signed);
  }
}
