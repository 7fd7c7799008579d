package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
)

const sealedText = `{"mchid":"1900009191","note":"支付成功"}`

func TestATextSealedElsewhereOpens(t *testing.T) {
	t.Parallel()
	s := Sealed{Algorithm: SealAlgorithm, Nonce: "61f9c719728a", AssociatedData: "transaction", Ciphertext: vector(t, "sealed.b64")}
	text, err := s.Open(vectorV3Key)
	if err != nil || string(text) != sealedText {
		t.Errorf("%q, %v", text, err)
	}
	ours, err := Seal(vectorV3Key, "61f9c719728a-and-more", "transaction", []byte(sealedText))
	if err != nil || ours != s {
		t.Errorf("ours is %+v, %v", ours, err)
	}
}

func TestASealedTextThatDiffersInAnythingIsRefused(t *testing.T) {
	t.Parallel()
	good, err := Seal(vectorV3Key, "61f9c719728a", "transaction", []byte(sealedText))
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Sealed){
		"another algorithm":       func(s *Sealed) { s.Algorithm = "AEAD_SM4_GCM" },
		"another nonce":           func(s *Sealed) { s.Nonce = "61f9c719728b" },
		"a longer nonce":          func(s *Sealed) { s.Nonce += "0" },
		"no nonce":                func(s *Sealed) { s.Nonce = "" },
		"other associated data":   func(s *Sealed) { s.AssociatedData = "refund" },
		"a changed text":          func(s *Sealed) { s.Ciphertext = "AA" + s.Ciphertext[2:] },
		"a cut text":              func(s *Sealed) { s.Ciphertext = s.Ciphertext[:8] },
		"nothing":                 func(s *Sealed) { s.Ciphertext = "" },
		"a text that is not text": func(s *Sealed) { s.Ciphertext = "%" },
	} {
		s := good
		change(&s)
		if text, err := s.Open(vectorV3Key); !errors.Is(err, ErrMalformed) && !errors.Is(err, ErrSignature) {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
	for _, key := range []string{"", vectorV3Key[1:], "x" + vectorV3Key[1:]} {
		if _, err := good.Open(key); err == nil {
			t.Errorf("opens with %q", key)
		}
	}
	if _, err := Seal(vectorV3Key, "short", "", nil); err == nil {
		t.Error("seals with a short nonce")
	}
}

func event() Event {
	return Event{ID: "EV-2018022511223320873", At: vectorNow, Type: "TRANSACTION.SUCCESS", OriginalType: "transaction",
		Summary: "支付成功", Resource: json.RawMessage(sealedText)}
}

func TestAnEventComesOutAsItWentIn(t *testing.T) {
	t.Parallel()
	body, err := event().Seal(vectorV3Key, strings.Repeat("n", 32))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(body, []byte("1900009191")) {
		t.Errorf("the resource can be read in %s", body)
	}
	e, err := ReadEvent(vectorV3Key, body)
	if err != nil || e.ID != "EV-2018022511223320873" || e.Type != "TRANSACTION.SUCCESS" || string(e.Resource) != sealedText || !e.At.Equal(vectorNow) {
		t.Errorf("%+v, %v", e, err)
	}
}

func TestAnEnvelopeThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	made := func(change func(*Event)) []byte {
		e := event()
		change(&e)
		sealed, err := Seal(vectorV3Key, "61f9c719728a", "x", e.Resource)
		if err != nil {
			t.Fatal(err)
		}
		body, err := json.Marshal(Envelope{ID: e.ID, CreateTime: e.At.Format(time.RFC3339), ResourceType: "encrypt-resource", EventType: e.Type, Resource: sealed})
		if err != nil {
			t.Fatal(err)
		}
		return body
	}
	for name, body := range map[string][]byte{
		"nothing":                   nil,
		"an empty object":           []byte("{}"),
		"no id":                     made(func(e *Event) { e.ID = "" }),
		"a long id":                 made(func(e *Event) { e.ID = strings.Repeat("E", 37) }),
		"no event type":             made(func(e *Event) { e.Type = "" }),
		"a resource that is a list": made(func(e *Event) { e.Resource = json.RawMessage("[1]") }),
		"a key twice inside":        made(func(e *Event) { e.Resource = json.RawMessage(`{"total":1,"total":2}`) }),
		"two documents inside":      made(func(e *Event) { e.Resource = json.RawMessage(`{}{}`) }),
		"another resource type":     bytes.Replace(made(func(*Event) {}), []byte("encrypt-resource"), []byte("plain-resource"), 1),
		"no time":                   bytes.Replace(made(func(*Event) {}), []byte(`"create_time":"20`), []byte(`"create_time":"x20`), 1),
	} {
		if e, err := ReadEvent(vectorV3Key, body); err == nil {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

func TestAFieldIsReadByItsOwnerAlone(t *testing.T) {
	t.Parallel()
	k := drawnKey()
	hidden, err := k.Public().Encrypt("6222021234567890123")
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := k.Decrypt(hidden); err != nil || plain != "6222021234567890123" {
		t.Errorf("%q, %v", plain, err)
	}
	for _, text := range []string{"", "AAAA", "%", hidden[4:], "AAAA" + hidden[4:]} {
		if _, err := k.Decrypt(text); !errors.Is(err, ErrMalformed) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := k.Public().Encrypt(strings.Repeat("x", 300)); err == nil {
		t.Error("300 bytes fit")
	}
}

// FuzzReadEvent: whatever comes under a good signature, it is read or refused.
func FuzzReadEvent(f *testing.F) {
	body, err := event().Seal(vectorV3Key, strings.Repeat("n", 32))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(body)
	f.Add([]byte(`{"resource":{"algorithm":"AEAD_AES_256_GCM","ciphertext":"AAAA","nonce":"nnnnnnnnnnnn"}}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		if e, err := ReadEvent(vectorV3Key, in); err == nil && !json.Valid(e.Resource) {
			t.Fatalf("%q holds no JSON: %q", in, e.Resource)
		}
	})
}
