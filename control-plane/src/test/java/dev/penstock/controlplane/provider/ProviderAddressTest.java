package dev.penstock.controlplane.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderAddressTest {

  private final ProviderAddress strict = new ProviderAddress("SETTING", List.of());
  private final ProviderAddress laptop =
      new ProviderAddress("SETTING", List.of("127.0.0.0/8", " 10.1.0.0/16", "fd12::/16", ""));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://api.openai.com/v1",
        "https://api.openai.com",
        "https://API.OpenAI.com/v1",
        "https://vllm.models.svc.cluster.local:8443/v1",
        "https://api.openai.com:443/v1",
        "https://8.8.8.8/v1",
        "https://[2606:4700::1111]/v1",
        "https://[64:ff9b::808:808]/v1",
        "https://[2002:808:808::1]/v1",
        "https://xn--bcher-kva.example/v1",
      })
  void acceptsPublicPlaces(String url) {
    assertThat(strict.problemOf(url)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // this host, private networks, the cloud's metadata
        "https://127.0.0.1/v1",
        "http://127.0.0.1:8090/v1",
        "https://localhost/v1",
        "https://LOCALHOST:8090",
        "https://api.localhost",
        "https://0.0.0.0",
        "https://10.0.0.1",
        "https://172.16.0.1",
        "https://172.31.255.255",
        "https://192.168.1.1",
        "https://100.64.0.1",
        "https://100.100.100.200",
        "https://169.254.169.254/latest/meta-data",
        "http://169.254.169.254",
        "https://198.18.0.1",
        "https://224.0.0.1",
        "https://255.255.255.255",
        "https://metadata",
        "https://metadata.google.internal",
        "https://METADATA.google.internal",
        "https://foo.metadata.google.internal",
        "https://metadata.azure.internal",
        "https://instance-data",
        "https://instance-data.ec2.internal",
        // other ways to write an address
        "https://2130706433",
        "https://0x7f000001",
        "https://0x7f.0.0.1",
        "https://0177.0.0.1",
        "https://127.1",
        "https://127.0.1",
        "https://1",
        "https://0",
        "https://127.0.0.01",
        "https://256.1.1.1",
        "https://1.2.3.4.5",
        "https://foo.0x7f",
        "https://[::1]",
        "https://[::]",
        "https://[::ffff:127.0.0.1]",
        "https://[::ffff:a9fe:a9fe]",
        "https://[::127.0.0.1]",
        "https://[64:ff9b::7f00:1]",
        "https://[64:ff9b::169.254.169.254]",
        "https://[64:ff9b:1::a9fe:a9fe]",
        "https://[2002:7f00:1::1]",
        "https://[2001:db8::1]",
        "https://[2001::1]",
        "https://[fd00:ec2::254]",
        "https://[fe80::1]",
        "https://[fe80::1%25eth0]",
        "https://[fec0::1]",
        "https://[ff02::1]",
        "https://[100::1]",
        // forms
        "",
        "api.openai.com/v1",
        "//api.openai.com/v1",
        "http://api.openai.com/v1",
        "http://8.8.8.8/v1",
        "ftp://api.openai.com/v1",
        "file:///etc/passwd",
        "gopher://api.openai.com",
        "jar:https://api.openai.com!/x",
        "https://",
        "https:///v1",
        "https://api.openai.com./v1",
        "https://api..openai.com/v1",
        "https://-api.openai.com/v1",
        "https://api_openai.com/v1",
        "https://user@api.openai.com/v1",
        "https://user:password@api.openai.com/v1",
        "https://api.openai.com@127.0.0.1/v1",
        "https://api.openai.com#@127.0.0.1",
        "https://api.openai.com?@127.0.0.1",
        "https://api.openai.com\\@127.0.0.1",
        "https://127.0.0.1\\.openai.com",
        "https://api.openai.com/v1?key=1",
        "https://api.openai.com/v1#x",
        "https://api.openai.com/v1/",
        "https://api.openai.com/../admin",
        "https://api.openai.com/%2e%2e/admin",
        "https://api.openai.com/v1 x",
        "https://api.openai.com/v1\r\nhost: x",
        "https://bücher.example/v1",
        "https://api.openai。com/v1",
        "https://api.openai.com:22/v1",
        "https://api.openai.com:25",
        "https://api.openai.com:0",
        "https://api.openai.com:65536",
        "https://api.openai.com:-1",
      })
  void refusesTheRest(String url) {
    assertThat(strict.problemOf(url)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:8090/v1",
        "https://127.9.9.9/v1",
        "http://localhost:8090/v1",
        "http://10.1.2.3:8000/v1",
        "http://[fd12::1]:8000/v1",
        "http://[::ffff:127.0.0.1]:8090",
      })
  void acceptsPrivateRangesThatAreAllowed(String url) {
    assertThat(laptop.problemOf(url)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://10.2.0.1:8000/v1",
        "https://169.254.169.254",
        "http://2130706433",
        "http://api.openai.com",
        "http://metadata.google.internal",
        "http://127.0.0.1:22",
      })
  void allowsNothingBesides(String url) {
    assertThat(laptop.problemOf(url)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "ten"})
  void saysWhichRangeIsNone(String range) {
    assertThatThrownBy(() -> new ProviderAddress("SETTING", List.of(range)))
        .hasMessageContaining(range);
  }

  @Test
  void takesASingleAddressForARange() {
    ProviderAddress one = new ProviderAddress("SETTING", List.of("10.0.0.7"));
    assertThat(one.problemOf("http://10.0.0.7:8000")).isEmpty();
    assertThat(one.problemOf("http://10.0.0.8:8000")).isPresent();
  }
}
