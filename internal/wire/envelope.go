package wire

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/json"
	"time"
)

// SealAlgorithm is how APIv3 seals resources.
const SealAlgorithm = "AEAD_AES_256_GCM"

// Sizes of a sealed resource.
const (
	V3KeyBytes     = 32
	sealNonceBytes = 12
	maxAADBytes    = 16
)

// Sealed is content that only holders of the APIv3 key can read.
type Sealed struct {
	Algorithm      string `json:"algorithm"`
	OriginalType   string `json:"original_type,omitempty"`
	Ciphertext     string `json:"ciphertext"`
	AssociatedData string `json:"associated_data"`
	Nonce          string `json:"nonce"`
}

// Envelope is a notification on the wire. The content is sealed inside.
type Envelope struct {
	ID           string `json:"id"`
	CreateTime   string `json:"create_time"`
	ResourceType string `json:"resource_type"`
	EventType    string `json:"event_type"`
	Summary      string `json:"summary"`
	Resource     Sealed `json:"resource"`
}

const (
	sealedResource = "encrypt-resource"
	maxEventID     = 36
)

// Seal encrypts a text. nonce must be new for every text under the key; of a longer one the first twelve
// characters are taken.
func Seal(key, nonce, aad string, text []byte) (Sealed, error) {
	s := Sealed{Algorithm: SealAlgorithm, AssociatedData: aad}
	gcm, err := sealing(key)
	if err != nil {
		return s, err
	}
	if len(nonce) < sealNonceBytes || len(aad) >= maxAADBytes {
		return s, malformed("nonce too short, or associated data too long")
	}
	s.Nonce = nonce[:sealNonceBytes]
	s.Ciphertext = base64.StdEncoding.EncodeToString(gcm.Seal(nil, []byte(s.Nonce), text, []byte(aad)))
	return s, nil
}

// Open decrypts it again. It refuses whatever was changed on the way.
func (s Sealed) Open(key string) ([]byte, error) {
	gcm, err := sealing(key)
	switch {
	case err != nil:
		return nil, err
	case s.Algorithm != SealAlgorithm:
		return nil, malformed("another algorithm")
	case len(s.Nonce) != sealNonceBytes:
		return nil, malformed("the nonce has %d bytes", len(s.Nonce))
	}
	raw, err := base64.StdEncoding.DecodeString(s.Ciphertext)
	if err != nil {
		return nil, malformed("the ciphertext is not base64")
	}
	text, err := gcm.Open(nil, []byte(s.Nonce), raw, []byte(s.AssociatedData))
	if err != nil {
		return nil, unproven("the ciphertext was not sealed with this key")
	}
	return text, nil
}

func sealing(key string) (cipher.AEAD, error) {
	if len(key) != V3KeyBytes {
		return nil, malformed("the APIv3 key has %d bytes, not %d", len(key), V3KeyBytes)
	}
	block, err := aes.NewCipher([]byte(key))
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// Event is what a notification says before it is sealed.
type Event struct {
	ID           string
	At           time.Time
	Type         string // TRANSACTION.SUCCESS
	OriginalType string // transaction
	Summary      string
	Resource     json.RawMessage
}

// Seal writes the event as a notification's body.
func (e Event) Seal(key, nonce string) ([]byte, error) {
	sealed, err := Seal(key, nonce, e.OriginalType, e.Resource)
	if err != nil {
		return nil, err
	}
	sealed.OriginalType = e.OriginalType
	return json.Marshal(Envelope{ID: e.ID, CreateTime: e.At.Format(time.RFC3339), ResourceType: sealedResource,
		EventType: e.Type, Summary: e.Summary, Resource: sealed})
}

// ReadEvent reads a notification's body, whose signature was checked, and opens what is sealed in it:
// the resource is one strict JSON object.
func ReadEvent(key string, body []byte) (Event, error) {
	var e Envelope
	if err := ReadJSON(body, &e); err != nil {
		return Event{}, err
	}
	at, err := time.Parse(time.RFC3339, e.CreateTime)
	if err != nil || e.ID == "" || len(e.ID) > maxEventID || e.EventType == "" || e.ResourceType != sealedResource {
		return Event{}, malformed("not the envelope of a notification")
	}
	text, err := e.Resource.Open(key)
	if err != nil {
		return Event{}, err
	}
	if err := checkJSON(text); err != nil {
		return Event{}, err
	}
	return Event{ID: e.ID, At: at, Type: e.EventType, OriginalType: e.Resource.OriginalType, Summary: e.Summary, Resource: text}, nil
}
