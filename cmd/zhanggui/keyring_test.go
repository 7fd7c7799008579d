package main

import (
	"crypto/x509"
	"os"
	"path/filepath"
	"testing"

	"zhanggui/internal/wire"
)

func drawnKeys(t *testing.T, data, listen string) demoKeys {
	t.Helper()
	platform, err := demoPlatformKey(settings{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	k, err := readDemoKeys(data, listen, platform.Public())
	if err != nil {
		t.Fatal(err)
	}
	if !platform.Public().RSA().Equal(k.platform.PublicKey) {
		t.Error("the platform's certificate is of another key")
	}
	return k
}

func TestTheDemosCertificatesStayTheSame(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	first := drawnKeys(t, data, "127.0.0.1:8443")
	again := drawnKeys(t, data, "127.0.0.1:9443")
	for name, pair := range map[string][2]*x509.Certificate{"CA": {first.ca.cert, again.ca.cert}, "listener": {first.api.cert, again.api.cert},
		"platform": {first.platform, again.platform}, "channel": {first.simulated.cert, again.simulated.cert}, "upstream": {first.upstream.cert, again.upstream.cert}} {
		if !pair[0].Equal(pair[1]) {
			t.Errorf("another %s at the second start", name)
		}
	}
	roots := x509.NewCertPool()
	roots.AddCert(first.ca.cert)
	for _, name := range []string{"127.0.0.1", "localhost", "::1"} {
		if _, err := first.api.cert.Verify(x509.VerifyOptions{Roots: roots, DNSName: name}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(wire.Serial(first.platform)) != 40 {
		t.Errorf("serial %s", wire.Serial(first.platform))
	}
	info, err := os.Stat(filepath.Join(data, keyFolder))
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the keys' folder: %v, %v", info, err)
	}
}

func TestAnotherAddressGetsAnotherCertificateOfTheSameCA(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	first := drawnKeys(t, data, "127.0.0.1:8443")
	moved := drawnKeys(t, data, "127.0.0.2:8443")
	if moved.api.cert.Equal(first.api.cert) || moved.api.cert.VerifyHostname("127.0.0.2") != nil || !moved.ca.cert.Equal(first.ca.cert) {
		t.Error("the listener's certificate does not name its address, or the CA changed")
	}
}
