package money

import (
	"errors"
	"testing"

	"pgregory.net/rapid"
)

func TestAmountsAreReadExactly(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Fen{
		"0": 0, "0.01": 1, "22.4": 2240, "22.40": 2240, "1,234.56": 123456, "-0.5": -50,
		"12,345,678.90": 1234567890, "1000000000000": Max,
	} {
		if got, err := Parse(text); err != nil || got != want {
			t.Errorf("Parse(%q) = %v, %v; want %d fen", text, int64(got), err, want)
		}
	}
}

func TestTextThatIsNoAmountIsRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", ".", "1.", ".5", "1.234", "1,23", ",123", "1,2345", "+1", "1e2", "１２", " 1", "--1", "0x1", "1,234,5"} {
		if got, err := Parse(text); !errors.Is(err, ErrFormat) {
			t.Errorf("Parse(%q) = %v, %v; want ErrFormat", text, got, err)
		}
	}
	for _, text := range []string{"1000000000000.01", "99999999999999999999"} {
		if _, err := Parse(text); !errors.Is(err, ErrRange) {
			t.Errorf("Parse(%q): %v; want ErrRange", text, err)
		}
	}
}

func TestWhatIsWrittenReadsBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := Fen(rapid.Int64Range(-int64(Max), int64(Max)).Draw(t, "fen"))
		for _, text := range []string{f.String(), f.Plain()} {
			if back, err := Parse(text); err != nil || back != f {
				t.Fatalf("Parse(%q) = %d, %v; want %d", text, back, err, f)
			}
		}
	})
}

func TestFeesRoundHalfUp(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		amount Fen
		rate   Rate
		want   Fen
	}{{1000, 60, 6}, {3137, 60, 19}, {75, 60, 0}, {84, 60, 1}, {83, 60, 0}, {100, 50, 1}, {99, 50, 0}, {Max, RateMax, Max}} {
		if got := c.rate.Of(c.amount); got != c.want {
			t.Errorf("%s of %s = %s, want %s", c.rate, c.amount, got, c.want)
		}
	}
}

func TestRatesReadAsBillsWriteThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Rate{"0.60%": 60, "0.38%": 38, "1.00%": 100, "0%": 0, "100.00%": RateMax} {
		if got, err := ParseRate(text); err != nil || got != want {
			t.Errorf("ParseRate(%q) = %d, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "0.6", "-0.60%", "100.01%", "0.605%"} {
		if r, err := ParseRate(text); err == nil {
			t.Errorf("ParseRate(%q) = %d, want a refusal", text, r)
		}
	}
	if Rate(5).String() != "0.05%" || Rate(138).String() != "1.38%" {
		t.Error("rates are written with two decimals")
	}
}

func TestSumsOutOfRangeAreRefused(t *testing.T) {
	t.Parallel()
	if _, err := Max.Add(1); !errors.Is(err, ErrRange) {
		t.Error("Max + 1 must be refused")
	}
	if _, err := (-Max).Add(-1); !errors.Is(err, ErrRange) {
		t.Error("-Max - 1 must be refused")
	}
}
