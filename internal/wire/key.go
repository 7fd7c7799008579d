package wire

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // RSA-OAEP of APIv3 is defined over SHA-1; the protocol's choice, kept inside this codec
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
)

// minKeyBits is the shortest RSA key that signs or proves anything.
const minKeyBits = 2048

// PrivateKey signs as one party: a merchant by its certificate's serial, a platform by its
// certificate's serial or its public key's id.
type PrivateKey struct {
	id  string
	key *rsa.PrivateKey
}

// PublicKey proves what its owner signed.
type PublicKey struct {
	id  string
	key *rsa.PublicKey
}

// NewPrivateKey names a key. It refuses short keys.
func NewPrivateKey(id string, key *rsa.PrivateKey) (*PrivateKey, error) {
	if id == "" || key == nil || key.N.BitLen() < minKeyBits {
		return nil, fmt.Errorf("wire: a private key needs a name and %d bits", minKeyBits)
	}
	return &PrivateKey{id, key}, nil
}

// ReadPrivateKey reads a PEM key, PKCS #8 or PKCS #1.
func ReadPrivateKey(id string, text []byte) (*PrivateKey, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("wire: the private key is not PEM")
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return NewPrivateKey(id, key)
	}
	any, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("wire: the private key cannot be read") // the parser's error might quote the key
	}
	key, _ := any.(*rsa.PrivateKey)
	return NewPrivateKey(id, key)
}

// ReadPublicKey reads a PEM public key under the id it goes by, or a PEM certificate, whose serial is
// its id unless another is given.
func ReadPublicKey(id string, text []byte) (*PublicKey, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("wire: the public key is not PEM")
	}
	var any any
	if block.Type == "CERTIFICATE" {
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("wire: certificate: %w", err)
		}
		if any = cert.PublicKey; id == "" {
			id = Serial(cert)
		}
	} else {
		var err error
		if any, err = x509.ParsePKIXPublicKey(block.Bytes); err != nil {
			return nil, fmt.Errorf("wire: public key: %w", err)
		}
	}
	key, _ := any.(*rsa.PublicKey)
	if id == "" || key == nil || key.N.BitLen() < minKeyBits {
		return nil, fmt.Errorf("wire: a public key needs a name and %d bits of RSA", minKeyBits)
	}
	return &PublicKey{id, key}, nil
}

// Serial is a certificate's number as the protocol writes it: upper-case hexadecimal.
func Serial(cert *x509.Certificate) string { return fmt.Sprintf("%X", cert.SerialNumber.Bytes()) }

// KeyID is the name the key goes by on the wire.
func (k *PrivateKey) KeyID() string { return k.id }

// Sign is SHA256-RSA2048 (PKCS #1 v1.5) over the message.
func (k *PrivateKey) Sign(message []byte) ([]byte, error) {
	sum := sha256.Sum256(message)
	return rsa.SignPKCS1v15(rand.Reader, k.key, crypto.SHA256, sum[:])
}

// Public is the other half.
func (k *PrivateKey) Public() *PublicKey { return &PublicKey{k.id, &k.key.PublicKey} }

// As is the same key under another name: a platform's key goes by its serial and by its public key's id.
func (k *PrivateKey) As(id string) *PrivateKey { return &PrivateKey{id, k.key} }

// PEM is the public half for others to keep.
func (k *PublicKey) PEM() (string, error) {
	der, err := x509.MarshalPKIXPublicKey(k.key)
	if err != nil {
		return "", fmt.Errorf("wire: public key: %w", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), nil
}

// RSA is the bare key, to be certified.
func (k *PublicKey) RSA() *rsa.PublicKey { return k.key }

// KeyID is the name the key goes by on the wire.
func (k *PublicKey) KeyID() string { return k.id }

// Is tells whether a message names this key. Clients write serials in either case.
func (k *PublicKey) Is(id string) bool { return strings.EqualFold(k.id, id) }

// Verify refuses a signature that the key did not make over the message.
func (k *PublicKey) Verify(message, signature []byte) error {
	sum := sha256.Sum256(message)
	if rsa.VerifyPKCS1v15(k.key, crypto.SHA256, sum[:], signature) != nil {
		return unproven("sign does not match")
	}
	return nil
}

// probePrefix begins the wrong signatures that WeChat Pay sends on purpose, to see whether it is looked
// at. They are no base64, and like every other wrong signature they prove nothing.
const probePrefix = "WECHATPAY/SIGNTEST/"

func (k *PublicKey) verifyText(message []byte, signature string) error {
	if strings.HasPrefix(signature, probePrefix) {
		return unproven("a probe: the signature is wrong on purpose")
	}
	raw, err := base64.StdEncoding.DecodeString(signature)
	if err != nil {
		return unproven("the signature is not base64")
	}
	return k.Verify(message, raw)
}

func (k *PrivateKey) signText(message []byte) (string, error) {
	raw, err := k.Sign(message)
	if err != nil {
		return "", fmt.Errorf("wire: sign: %w", err)
	}
	return base64.StdEncoding.EncodeToString(raw), nil
}

// Encrypt hides a field from all but the key's owner: RSA-OAEP, base64.
func (k *PublicKey) Encrypt(field string) (string, error) {
	raw, err := rsa.EncryptOAEP(sha1.New(), rand.Reader, k.key, []byte(field), nil) //nolint:gosec // see the import
	if err != nil {
		return "", fmt.Errorf("wire: field too long to encrypt: %w", err)
	}
	return base64.StdEncoding.EncodeToString(raw), nil
}

// Decrypt reads a field that was encrypted for this key.
func (k *PrivateKey) Decrypt(field string) (string, error) {
	raw, err := base64.StdEncoding.DecodeString(field)
	if err != nil {
		return "", malformed("encrypted field is not base64")
	}
	plain, err := rsa.DecryptOAEP(sha1.New(), nil, k.key, raw, nil) //nolint:gosec // see the import
	if err != nil {
		return "", malformed("encrypted field cannot be read")
	}
	return string(plain), nil
}
