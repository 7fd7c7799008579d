package audit_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/fault"
	"zhanggui/internal/signal"
	"zhanggui/internal/vault"
)

const store, gym = 1900000208, 1900000307

var (
	today  = clock.Day("2026-11-22")
	expert = uuid.MustParse("01900000-0000-7000-8000-000000000001")
)

func member(merchant int64) access.Scope {
	return access.Member(access.Seat{Merchant: merchant, Roles: []access.Role{access.SuperAdmin}})
}

// acts are 130 acts of two people in each of two merchants, several in each second.
func acts(t *testing.T, d *db.DB) {
	t.Helper()
	var all []audit.Entry
	for i := range 260 {
		e := audit.Entry{Merchant: store, Actor: "yunshang01@1900000208", Action: "trade.import", Object: fmt.Sprintf("bill-%03d.csv", i),
			Outcome: audit.Done, At: today.Start().Add(time.Duration(i/5) * time.Second), Details: map[string]any{"no": fmt.Sprintf("4200%05d", i)},
			From: audit.From{Address: "10.0.0.1", Agent: "Mozilla/5.0", Session: "s-1"}}
		if i%2 == 1 {
			e.Merchant, e.Actor = gym, "jianshen01@1900000307"
		}
		switch i % 26 {
		case 0, 1:
			e.Actor, e.Action, e.Confirmation, e.Account = "caiwu001@"+strings.Split(e.Actor, "@")[1], "session.end", expert, expert
		case 2, 3:
			e.Outcome, e.Reason, e.Action = audit.Refused, "trade.file_refused", "session.end_others"
		case 4, 5:
			e.At = today.Add(-400).Start()
		}
		all = append(all, e)
	}
	if err := d.InTx(t.Context(), func(tx db.Tx) error { return audit.Write(t.Context(), tx, all...) }); err != nil {
		t.Fatal(err)
	}
}

func filter(t *testing.T, query string) audit.Filter {
	t.Helper()
	v, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	f, err := audit.ParseFilter(v, today)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return f
}

// walk reads all pages forward and back; both must be one list, and Stream's too.
func walk(t *testing.T, d *db.DB, s access.Scope, f audit.Filter) (all []audit.Record) {
	t.Helper()
	at := func(cursor string) ([]audit.Record, string, string) {
		p, err := audit.ParsePage(url.Values{"size": {"20"}, "cursor": {cursor}})
		if err != nil {
			t.Fatal(err)
		}
		list, next, prev, err := audit.List(t.Context(), d.PG(), s, f, p)
		if err != nil {
			t.Fatal(err)
		}
		return list, next, prev
	}
	list, next, prev := at("")
	all = append(all, list...)
	for next != "" {
		list, next, prev = at(next)
		all = append(all, list...)
	}
	back := slices.Clone(list)
	for prev != "" {
		list, _, prev = at(prev)
		back = append(slices.Clone(list), back...)
	}
	var streamed []audit.Record
	err := audit.Stream(t.Context(), d.PG(), s, f, func(r audit.Record) error { streamed = append(streamed, r); return nil })
	if err != nil || fmt.Sprint(objects(back)) != fmt.Sprint(objects(all)) || fmt.Sprint(objects(streamed)) != fmt.Sprint(objects(all)) {
		t.Fatalf("forward %v, backward %v, streamed %v, %v", objects(all), objects(back), objects(streamed), err)
	}
	return all
}

func objects(list []audit.Record) (all []string) {
	for _, r := range list {
		all = append(all, r.Object)
	}
	return all
}

func TestTheLogIsReadNewestFirstByWhatOneAsksFor(t *testing.T) {
	t.Parallel()
	d := dbtest.Tx(t)
	acts(t, d)
	for query, want := range map[string]int{
		"": 120, "from=2025-01-01&to=2025-12-31": 10, "from=2026-11-22": 120, "from=2026-11-23": 0, "from=2026-11-01&to=2026-11-22": 120,
		"actor=yunshang01": 110, "actor=caiwu001": 10, "actor=caiwu001%401900000208": 10, "actor=caiwu001%401900000307": 0, "actor=caiwu": 0,
		"action=session": 20, "action=session.end": 10, "action=session.end_others": 10, "action=trade.import": 100, "action=trad": 0,
		"outcome=refused": 10, "outcome=done": 110, "no=420000006": 1, "no=BILL-006": 1, "no=bill-007": 0, "no=" + expert.String(): 10,
		"no=trade.file_refused": 10, "no=10.0.0.1": 120, "no=nothing": 0, "no=%25": 0, "no=_": 10, "outcome=refused&action=trade": 0,
	} {
		list := walk(t, d, member(store), filter(t, query))
		if len(list) != want {
			t.Errorf("%q gives %d acts, want %d", query, len(list), want)
		}
		if !slices.IsSortedFunc(list, func(a, b audit.Record) int {
			return -cmpRecords(a, b)
		}) {
			t.Errorf("%q is not newest first", query)
		}
		again, err := audit.ParseFilter(filter(t, query).Values(), today)
		if err != nil || again != filter(t, query) {
			t.Errorf("%q is written as %q, %v", query, filter(t, query).Values(), err)
		}
	}
}

func cmpRecords(a, b audit.Record) int {
	if c := a.At.Compare(b.At); c != 0 {
		return c
	}
	return bytes.Compare(a.ID[:], b.ID[:])
}

func TestAnActShowsWhoFromWhereWithWhichConfirmationAndItsNumberInTheChain(t *testing.T) {
	t.Parallel()
	d := dbtest.Clone(t)
	acts(t, d)
	f := filter(t, "no=bill-026")
	r := walk(t, d, member(store), f)[0]
	if r.Actor != "caiwu001@1900000208" || r.Account != expert || r.Confirmation != expert || r.From.Session != "s-1" ||
		r.From.Address != "10.0.0.1" || r.From.Agent != "Mozilla/5.0" || r.Details["no"] != "420000026" || r.Seq != 0 {
		t.Errorf("%+v", r)
	}
	v, err := vault.Open(make([]byte, vault.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := (audit.Sealer{DB: d, Vault: v, Hub: signal.NewHub()}).Seal(t.Context()); n != 260 || err != nil {
		t.Fatal(n, err)
	}
	if r := walk(t, d, member(store), f)[0]; r.Seq != 14 {
		t.Errorf("seq %d", r.Seq)
	}
	if r := walk(t, d, member(store), filter(t, "no=bill-004&from=2025-01-01&to=2025-12-31"))[0]; r.Account != uuid.Nil || r.Seq != 3 {
		t.Errorf("%+v", r)
	}
}

func TestOnlyWhoMayReadTheLogReadsItAndOnlyTheirOwn(t *testing.T) {
	t.Parallel()
	d := dbtest.Tx(t)
	acts(t, d)
	if audit.ReadPermission != string(access.AuditRead) {
		t.Errorf("%s is not %s", audit.ReadPermission, access.AuditRead)
	}
	want := fault.Forbidden{Permission: "audit.read"}
	for _, role := range []access.Role{access.Finance, access.Operations, access.Service, access.ReadOnly, "unknown"} {
		s := access.Member(access.Seat{Merchant: store, Roles: []access.Role{role}})
		if _, _, _, err := audit.List(t.Context(), d.PG(), s, audit.Filter{}, audit.Page{}); !errors.Is(err, want) {
			t.Errorf("%s reads the log: %v", role, err)
		}
		err := audit.Stream(t.Context(), d.PG(), s, audit.Filter{}, func(audit.Record) error { return nil })
		if !errors.Is(err, want) {
			t.Errorf("%s exports the log: %v", role, err)
		}
	}
	for _, r := range walk(t, d, member(gym), filter(t, "")) {
		if !strings.HasSuffix(r.Actor, "@1900000307") {
			t.Fatalf("a foreign act: %+v", r)
		}
	}
}

// operator is a reader of the platform's own log.
type operator struct{ may string }

func (operator) Merchant() int64 { return 0 }

func (o operator) Require(p access.Permission) error {
	if string(p) != o.may {
		return fault.Forbidden{Permission: string(p)}
	}
	return nil
}

func TestThePlatformsOwnLogIsForOperators(t *testing.T) {
	t.Parallel()
	d := dbtest.Tx(t)
	e := audit.Entry{Actor: "yunying1@ops", Action: "access.denied", Outcome: audit.Done, At: today.Start()}
	if err := d.InTx(t.Context(), func(tx db.Tx) error { return audit.Write(t.Context(), tx, e) }); err != nil {
		t.Fatal(err)
	}
	f := filter(t, "actor=yunying1")
	if _, _, _, err := audit.List(t.Context(), d.PG(), operator{audit.ReadPermission}, f, audit.Page{}); err == nil {
		t.Error("a member's permission opens the platform's log")
	}
	list, _, _, err := audit.List(t.Context(), d.PG(), operator{audit.PlatformReadPermission}, f, audit.Page{})
	if err != nil || len(list) != 1 {
		t.Errorf("%v, %v", list, err)
	}
}

func TestWhatCannotBeAskedIsRefusedAtItsField(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"from=2026-02-30": "audit.filter_day from", "to=x": "audit.filter_day to", "from=2026-11-02&to=2026-11-01": "audit.filter_days to",
		"from=2025-01-01&to=2026-01-02": "audit.filter_span to", "actor=a%20b": "audit.filter_word actor", "action=DROP": "audit.filter_word action",
		"outcome=maybe": "audit.filter_word outcome", "no=" + strings.Repeat("a", 65): "audit.filter_number no", "no=a%00b": "audit.filter_number no",
	} {
		v, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		_, err = audit.ParseFilter(v, today)
		all := fault.All(err)
		if len(all) != 1 || all[0].Code+" "+all[0].Field != want {
			t.Errorf("%s: %v", query, err)
		}
	}
	for query, want := range map[string]string{"size=7": "audit.page_size size", "cursor=x": "audit.page_cursor cursor",
		"cursor=" + strings.Repeat("a", 200): "audit.page_cursor cursor"} {
		v, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		_, err = audit.ParsePage(v)
		if all := fault.All(err); len(all) != 1 || all[0].Code+" "+all[0].Field != want {
			t.Errorf("%s: %v", query, err)
		}
	}
}

func TestTheLongestSpanIsTwelveMonthsOfAnyLength(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{"": "2025-11-22 ", "to=2024-02-29": "2023-02-28 2024-02-29", "from=2024-02-29": "2024-02-29 2025-02-28",
		"from=2026-01-31": "2026-01-31 ", "from=2024-02-29&to=2025-02-28": "2024-02-29 2025-02-28"} {
		if f := filter(t, query); f.From.String()+" "+f.To.String() != want {
			t.Errorf("%q is %s to %s, want %s", query, f.From, f.To, want)
		}
	}
}

func TestABrowsersTextsAreBoundedAndHoldNothingTheDatabaseRefuses(t *testing.T) {
	t.Parallel()
	d := dbtest.Tx(t)
	e := audit.Entry{Merchant: store, Actor: "system", Action: "access.denied", Object: "a\x00b\xffc", Outcome: audit.Done, At: today.Start(),
		From: audit.From{Agent: strings.Repeat("掌", 1000)}}
	if err := d.InTx(t.Context(), func(tx db.Tx) error { return audit.Write(t.Context(), tx, e) }); err != nil {
		t.Fatal(err)
	}
	r := walk(t, d, member(store), filter(t, ""))[0]
	if r.Object != "abc" || r.From.Agent != strings.Repeat("掌", 400) || len(r.Details) != 0 {
		t.Errorf("%q, %d, %v", r.Object, len(r.From.Agent), r.Details)
	}
	if err := d.InTx(t.Context(), func(tx db.Tx) error { return audit.Write(t.Context(), tx) }); err != nil {
		t.Error(err)
	}
}
