package ledger_test

import (
	"bytes"
	crand "crypto/rand"
	"encoding/binary"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
	"zhanggui/internal/vault"
)

// seedOf draws a seed and tells it when the test fails; ZHANGGUI_LEDGER_SEED plays one again.
func seedOf(t *testing.T) uint64 {
	t.Helper()
	var drawn [8]byte
	_, _ = crand.Read(drawn[:])
	seed := binary.BigEndian.Uint64(drawn[:])
	if text := os.Getenv("ZHANGGUI_LEDGER_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("again with ZHANGGUI_LEDGER_SEED=%d", seed)
		}
	})
	return seed
}

// play is a random history of several merchants, told to the books and to a model of them.
type play struct {
	t      *testing.T
	d      *db.DB
	verbs  verbs
	now    time.Time
	pay    map[int64]ledger.Account
	models map[int64]*model
	ids    []int64
}

func newPlay(t *testing.T, d *db.DB, seed uint64) *play {
	t.Helper()
	p := &play{t: t, d: d, verbs: verbs{Rand: rand.New(rand.NewPCG(seed, 4))}, now: noon, pay: map[int64]ledger.Account{}, models: map[int64]*model{}}
	for i := range int64(5) {
		id, system, own := 1_900_000_100+i, merchant.Upgraded, ledger.Basic
		if i%2 == 1 {
			system, own = merchant.Legacy, ledger.Available
		}
		openMerchant(t, d, id, system, noon)
		p.ids, p.pay[id], p.models[id] = append(p.ids, id), own, newModel(noon, ledger.Unsettled, own)
	}
	return p
}

func openMerchant(t testing.TB, d *db.DB, id int64, system merchant.System, at time.Time) {
	t.Helper()
	v, err := vault.Open(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	err = d.InTx(t.Context(), func(tx db.Tx) error {
		n := merchant.New{ID: id, Kind: merchant.Direct, LegalName: "商户", ShortName: "商户", Cycle: merchant.T1, System: system,
			FeeRate: 60, SettlementAccount: "6222000000001234", AppID: "wx1"}
		if err := merchant.Create(t.Context(), tx, v, n, at); err != nil {
			return err
		}
		return ledger.OpenBooks(t.Context(), tx, id, system, at)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// step lets time pass, or not, or run back; sometimes days are closed, or an account is opened.
func (p *play) step() {
	switch n := p.verbs.IntN(100); {
	case n < 10:
	case n < 12:
		p.now = p.now.Add(-2 * time.Hour)
	case n < 17:
		p.now = p.now.Add(25 * time.Hour)
	case n < 18:
		p.now = p.now.Add(40 * 24 * time.Hour)
	default:
		p.now = p.now.Add(time.Duration(p.verbs.Int64N(int64(10 * time.Minute)))).Truncate(time.Microsecond)
	}
	switch p.verbs.IntN(25) {
	case 0:
		closeDays(p.t, p.d, p.now)
		for _, m := range p.models {
			m.close(p.now)
		}
	case 1:
		m, a := p.ids[p.verbs.IntN(len(p.ids))], []ledger.Account{ledger.Operation, ledger.Fees}[p.verbs.IntN(2)]
		if p.pay[m] == ledger.Available {
			a = ledger.Fees
		}
		if err := p.d.InTx(p.t.Context(), func(tx db.Tx) error { return ledger.OpenAccount(p.t.Context(), tx, m, a, p.now) }); err != nil {
			p.t.Fatal(err)
		}
		p.models[m].open[a] = true
	}
}

// batch books one transfer or many of some merchants, and compares each answer with the model's.
func (p *play) batch() int {
	n := 1 + p.verbs.IntN(3)
	if p.verbs.IntN(3) > 0 {
		n = 1 + p.verbs.IntN(500)
	}
	moves := make([]ledger.Transfer, n)
	for i := range moves {
		m := p.ids[p.verbs.IntN(len(p.ids))]
		moves[i] = p.verbs.next(m, p.pay[m])
	}
	got := postAt(p.t, p.d, p.now, moves...)
	when := map[int64]time.Time{}
	for i, t := range moves {
		m := p.models[t.Merchant]
		if _, ok := when[t.Merchant]; !ok {
			when[t.Merchant] = m.when(p.now)
		}
		want := m.post(when[t.Merchant], t)
		refused := ""
		if got[i].Refused != nil {
			refused = got[i].Refused.Error()
		}
		if got[i].ID != want.id || got[i].Known != want.known || !got[i].BookedAt.Equal(want.at) || refused != want.refused {
			p.t.Fatalf("%+v\n got %+v\nwant %+v", t, got[i], want)
		}
	}
	return n
}

// agree compares every account with the model.
func (p *play) agree() {
	p.t.Helper()
	rows, err := p.d.PG().Query(p.t.Context(), "SELECT merchant_id, account, balance, seq FROM accounts")
	if err != nil {
		p.t.Fatal(err)
	}
	defer rows.Close()
	there := map[int64]int{}
	for rows.Next() {
		var m, seq int64
		var a ledger.Account
		var balance money.Fen
		if err := rows.Scan(&m, &a, &balance, &seq); err != nil {
			p.t.Fatal(err)
		}
		if want := p.models[m]; balance != want.stands[a] || seq != want.entries[a] {
			p.t.Fatalf("%s of %d stands at %s after %d entries, want %s after %d", a, m, balance, seq, want.stands[a], want.entries[a])
		}
		if seq > 0 {
			there[m]++
		}
	}
	if err := rows.Err(); err != nil {
		p.t.Fatal(err)
	}
	for m, want := range p.models {
		if there[m] != len(want.entries) {
			p.t.Fatalf("%d accounts of %d have entries, want %d", there[m], m, len(want.entries))
		}
	}
}

// summed compares every day's sums with the model.
func (p *play) summed() {
	p.t.Helper()
	got := map[int64]map[string][4]int64{}
	rows, err := p.d.PG().Query(p.t.Context(), "SELECT merchant_id, account || ' ' || day::text || ' ' || row_type, ARRAY[ins, in_amount, outs, out_amount] FROM account_days")
	if err != nil {
		p.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var m int64
		var key string
		var s []int64
		if err := rows.Scan(&m, &key, &s); err != nil {
			p.t.Fatal(err)
		}
		if got[m] == nil {
			got[m] = map[string][4]int64{}
		}
		got[m][key] = [4]int64(s)
	}
	for m, want := range p.models {
		if !maps.Equal(got[m], want.sums) {
			p.t.Errorf("the days of %d are not the model's", m)
		}
	}
}

func TestRandomMovesDoWhatThePureModelDoes(t *testing.T) {
	t.Parallel()
	ops := numberOf(t, "ZHANGGUI_LEDGER_OPS", 100_000)
	seed := seedOf(t)
	p := newPlay(t, dbtest.Clone(t), seed)
	done := 0
	for done < ops {
		p.step()
		done += p.batch()
		p.agree()
	}
	p.summed()
	var want int64
	for _, m := range p.models {
		want += sumOf(m.entries)
	}
	if n := sound(t, p.d); n != want {
		t.Errorf("%d entries, want %d", n, want)
	}
	dbtest.Figure(t, "random moves compared with the pure model, answer by answer and balance by balance", "%d, seed %d; %d entries, verify clean", done, seed, want)
}

func sumOf(counts map[ledger.Account]int64) (sum int64) {
	for _, n := range slices.Collect(maps.Values(counts)) {
		sum += n
	}
	return sum
}

// BenchmarkVerify measures how many entries a verification looks at in a second.
func BenchmarkVerify(b *testing.B) {
	d := dbtest.Clone(b)
	written(b, d, numberOf(b, "ZHANGGUI_LEDGER_ROWS", 300_000))
	b.ResetTimer()
	var entries int64
	for b.Loop() {
		entries += sound(b, d)
	}
	b.ReportMetric(float64(entries)/b.Elapsed().Seconds(), "entries/s")
}
