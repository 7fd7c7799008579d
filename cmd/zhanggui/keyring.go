package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/wire"
)

// keyFolder holds the demo's certificates and their keys below ZHANGGUI_DATA.
const keyFolder = "keys"

// keypair is a key with its certificate.
type keypair struct {
	key  *rsa.PrivateKey
	cert *x509.Certificate
}

// demoKeys are the certificates of the demo: made at the first start, the same ever after.
type demoKeys struct {
	ca        keypair // signs all the others
	api       keypair // the API listener
	simulated keypair // what the simulated channel signs with
	upstream  keypair // our own at the simulated channel

	platform *x509.Certificate // of the key that the platform signs with
}

const (
	caLife      = 20 * 365 * 24 * time.Hour
	certLife    = 5 * 365 * 24 * time.Hour
	demoKeyBits = 2048
)

// readDemoKeys reads the certificates, and makes those that are missing.
func readDemoKeys(data, apiListen string, platform *wire.PublicKey) (demoKeys, error) {
	dir := filepath.Join(data, keyFolder)
	// The database's own user must be able to pass through the data folder, and nobody into this one.
	if err := errors.Join(os.MkdirAll(data, 0o711), os.MkdirAll(dir, 0o700)); err != nil {
		return demoKeys{}, fmt.Errorf("keys: %w", err)
	}
	var k demoKeys
	var err error
	ca := template("Zhanggui demo CA", caLife)
	ca.IsCA, ca.BasicConstraintsValid, ca.KeyUsage = true, true, x509.KeyUsageCertSign|x509.KeyUsageCRLSign
	if k.ca, err = keep(dir, "ca", ca, nil); err != nil {
		return k, err
	}
	for _, each := range []struct {
		name string
		to   *keypair
		made *x509.Certificate
	}{
		{"api", &k.api, serverTemplate(apiListen)},
		{"channel", &k.simulated, template("Simulated WeChat Pay", certLife)},
		{"upstream", &k.upstream, template("Zhanggui at the channel", certLife)},
	} {
		if *each.to, err = keep(dir, each.name, each.made, &k.ca); err != nil {
			return k, err
		}
	}
	k.platform, err = certified(filepath.Join(dir, "platform.crt"), platform, k.ca)
	return k, err
}

// certified reads the certificate of a key that is kept elsewhere, or has the CA make it.
func certified(path string, key *wire.PublicKey, ca keypair) (*x509.Certificate, error) {
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("keys: %w", err)
	}
	if block, _ := pem.Decode(text); block != nil {
		c, err := x509.ParseCertificate(block.Bytes)
		if err == nil && key.RSA().Equal(c.PublicKey) && clock.Wall().Before(c.NotAfter) && c.CheckSignatureFrom(ca.cert) == nil {
			return c, nil
		}
	}
	made := template("Zhanggui platform", certLife)
	made.SerialNumber = serial()
	der, err := x509.CreateCertificate(rand.Reader, made, ca.cert, key.RSA(), ca.key)
	if err != nil {
		return nil, fmt.Errorf("certificate: %w", err)
	}
	if err := writeWhole(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})); err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	return x509.ParseCertificate(der)
}

func template(name string, life time.Duration) *x509.Certificate {
	now := clock.Wall()
	return &x509.Certificate{Subject: pkix.Name{CommonName: name}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(life),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment}
}

// serverTemplate names the addresses under which this machine is called, and the one that it listens at.
func serverTemplate(listen string) *x509.Certificate {
	t := template("Zhanggui API", certLife)
	t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	t.DNSNames, t.IPAddresses = []string{"localhost"}, []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}
	host, _, _ := net.SplitHostPort(listen)
	if ip := net.ParseIP(host); ip != nil {
		t.IPAddresses = append(t.IPAddresses, ip)
	} else if host != "" {
		t.DNSNames = append(t.DNSNames, host)
	}
	return t
}

// keep reads a certificate and its key, or makes both where there are none, or none that still serves.
func keep(dir, name string, made *x509.Certificate, ca *keypair) (keypair, error) {
	path := filepath.Join(dir, name+".pem")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return issue(path, made, ca)
	}
	if err != nil {
		return keypair{}, fmt.Errorf("keys: %w", err)
	}
	p, err := parsePair(text)
	if err != nil {
		return p, fmt.Errorf("%s: %w; remove the file to have a new one made", path, err)
	}
	if !serves(p.cert, made) || ca != nil && p.cert.CheckSignatureFrom(ca.cert) != nil {
		return issue(path, made, ca)
	}
	return p, nil
}

// serves tells whether a certificate is still good for what would be made now.
func serves(c, made *x509.Certificate) bool {
	if clock.Wall().After(c.NotAfter) {
		return false
	}
	for _, ip := range made.IPAddresses {
		if c.VerifyHostname(ip.String()) != nil {
			return false
		}
	}
	for _, host := range made.DNSNames {
		if c.VerifyHostname(host) != nil {
			return false
		}
	}
	return true
}

// issue makes a key and has the CA, or the key itself, certify it. Both stand in one file, so that a
// crash leaves a whole pair or none.
func issue(path string, made *x509.Certificate, ca *keypair) (keypair, error) {
	key, err := rsa.GenerateKey(rand.Reader, demoKeyBits)
	if err != nil {
		return keypair{}, fmt.Errorf("keys: %w", err)
	}
	made.SerialNumber = serial()
	by := keypair{key, made}
	if ca != nil {
		by = *ca
	}
	der, err := x509.CreateCertificate(rand.Reader, made, by.cert, &key.PublicKey, by.key)
	if err != nil {
		return keypair{}, fmt.Errorf("certificate: %w", err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return keypair{}, fmt.Errorf("keys: %w", err)
	}
	text := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})...)
	if err := writeWhole(path, text); err != nil {
		return keypair{}, fmt.Errorf("keys: %w", err)
	}
	return parsePair(text)
}

// serial is a certificate's number: 40 hexadecimal digits, as those of WeChat Pay.
func serial() *big.Int {
	raw := make([]byte, 20)
	_, _ = rand.Read(raw) // never fails: crypto/rand ends the program instead
	raw[0] = raw[0]&0x3f | 0x40
	return new(big.Int).SetBytes(raw)
}

func parsePair(text []byte) (keypair, error) {
	pair, err := tls.X509KeyPair(text, text)
	if err != nil {
		return keypair{}, err
	}
	cert, err := x509.ParseCertificate(pair.Certificate[0])
	if err != nil {
		return keypair{}, err
	}
	key, ok := pair.PrivateKey.(*rsa.PrivateKey)
	if !ok {
		return keypair{}, errors.New("not an RSA key")
	}
	return keypair{key, cert}, nil
}

// signer is the key as the wire knows it, named by its certificate's serial.
func (p keypair) signer() (*wire.PrivateKey, error) {
	return wire.NewPrivateKey(wire.Serial(p.cert), p.key)
}

func (p keypair) tls() tls.Certificate {
	return tls.Certificate{Certificate: [][]byte{p.cert.Raw}, PrivateKey: p.key, Leaf: p.cert}
}

func certPEM(c *x509.Certificate) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}))
}
