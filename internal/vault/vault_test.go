package vault

import (
	"bytes"
	"errors"
	"testing"
)

func testVault(t *testing.T, fill byte) *Vault {
	t.Helper()
	v, err := Open(bytes.Repeat([]byte{fill}, KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestAValueOpensOnlyAtItsPlaceAndUnchanged(t *testing.T) {
	t.Parallel()
	v := testVault(t, 1)
	at := At{"login_accounts", "id_number", "0192", 1900000109}
	sealed := v.Seal(at, "11010519491231002X")
	if got, err := v.Reveal(at, sealed); err != nil || got != "11010519491231002X" {
		t.Fatalf("Reveal = %q, %v", got, err)
	}
	for _, other := range []At{
		{"merchants", at.Column, at.Row, at.Merchant}, {at.Table, "mobile", at.Row, at.Merchant},
		{at.Table, at.Column, "0193", at.Merchant}, {at.Table, at.Column, at.Row, 1900000208},
	} {
		if _, err := v.Reveal(other, sealed); !errors.Is(err, ErrSealed) {
			t.Errorf("opened at %+v: %v", other, err)
		}
	}
	if _, err := testVault(t, 2).Reveal(at, sealed); !errors.Is(err, ErrSealed) {
		t.Error("opened with another master key")
	}
	for i := range sealed {
		bad := bytes.Clone(sealed)
		bad[i] ^= 1
		if _, err := v.Reveal(at, bad); !errors.Is(err, ErrSealed) {
			t.Fatalf("opened with byte %d changed", i)
		}
	}
	for n := range sealed {
		if _, err := v.Reveal(at, sealed[:n]); !errors.Is(err, ErrSealed) {
			t.Fatalf("opened when cut to %d bytes", n)
		}
	}
}

func TestEqualValuesLookDifferentButIndexAlike(t *testing.T) {
	t.Parallel()
	v := testVault(t, 1)
	if bytes.Equal(v.Seal(At{}, "x"), v.Seal(At{}, "x")) {
		t.Error("two seals of one value are equal")
	}
	if !bytes.Equal(v.Index("id", "x"), v.Index("id", "x")) || bytes.Equal(v.Index("id", "x"), v.Index("card", "x")) {
		t.Error("an index must depend on purpose and text alone")
	}
	if bytes.Equal(v.MAC("p", "ab", "c"), v.MAC("p", "a", "bc")) {
		t.Error("parts must not run together")
	}
}

func TestMasksKeepOnlyWhatPeopleNeed(t *testing.T) {
	t.Parallel()
	for got, want := range map[string]string{
		MaskName("张三"): "张*", MaskName("张三丰"): "张*丰", MaskName("欧阳建国"): "欧**国", MaskName("张"): "*",
		MaskPhone("13812341234"): "138****1234", MaskID("440312199001011234"): "4403**********1234",
		MaskCard("6222021234567890123"): "***************0123", MaskID("E123"): "**23", MaskCard(""): "",
	} {
		if got != want {
			t.Errorf("masked as %q, want %q", got, want)
		}
	}
}
