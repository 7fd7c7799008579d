package ledger

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/money"
)

// FlowRow is an entry as lists show it, with the words of its transfer.
type FlowRow struct {
	Merchant   int64
	Account    Account
	Seq        int64
	BookedAt   time.Time
	Row        RowType // empty on accounts whose entries no bill shows
	Amount     money.Fen
	Balance    money.Fen
	Transfer   int64
	Kind       Kind
	BusinessNo string
	VoucherNo  string
	Applicant  string
	Note       string
}

// In tells whether the row is more for the account.
func (r *FlowRow) In() bool { return r.Amount > 0 }

// Size is the amount without its sign.
func (r *FlowRow) Size() money.Fen { return max(r.Amount, -r.Amount) }

// FlowNo is the row's 资金流水单号; rows that no bill shows have none.
func (r *FlowRow) FlowNo() string {
	for i, a := range shown {
		if a == r.Account {
			var day [compactDay]byte
			var room [flowLength]byte
			r.BookedAt.In(clock.Beijing).AppendFormat(day[:0], compactFormat)
			return string(flowNo(room[:0], r.Merchant, string(day[:]), i+1, r.Seq))
		}
	}
	return ""
}

// No is the number that the row's transfer is found by: its own flow number, or else the transfer's.
func (r *FlowRow) No() string {
	if no := r.FlowNo(); no != "" {
		return no
	}
	return JournalNo(r.Merchant, r.BookedAt, r.Transfer)
}

// FlowWire is a row in JSON: amounts in fen, times in RFC 3339 with Beijing's offset.
type FlowWire struct {
	Account      string `json:"account"`
	Seq          int64  `json:"seq"`
	BookedAt     string `json:"booked_at"`
	BusinessNo   string `json:"business_no"`
	FlowNo       string `json:"flow_no"`
	BusinessName string `json:"business_name"`
	BusinessType string `json:"business_type"`
	Direction    string `json:"direction"`
	Amount       int64  `json:"amount"`
	BalanceAfter int64  `json:"balance_after"`
	Applicant    string `json:"applicant"`
	Note         string `json:"note"`
	VoucherNo    string `json:"voucher_no"`
}

// Wire is the row's JSON twin.
func (r *FlowRow) Wire() FlowWire {
	w := FlowWire{Account: string(r.Account), Seq: r.Seq, BookedAt: clock.Wire(r.BookedAt), BusinessNo: r.BusinessNo,
		FlowNo: r.FlowNo(), Direction: direction(r.Amount), Amount: int64(r.Size()), BalanceAfter: int64(r.Balance),
		Applicant: r.Applicant, Note: r.Note, VoucherNo: r.VoucherNo}
	if r.Row != "" {
		w.BusinessName, w.BusinessType = r.Row.BusinessName(), r.Row.BusinessType()
	}
	return w
}

// compactOf is the business day of a moment, as numbers carry it.
func compactOf(t time.Time) string { return t.In(clock.Beijing).Format(compactFormat) }

const compactFormat = "20060102"

// journalPrefix begins the number of a transfer.
const journalPrefix = "JZ"

const (
	journalID  = 9 // digits at least
	journalMax = 18
	merchantID = 10
	compactDay = 8
)

// JournalNo is a transfer's 记账号: JZ, merchant, business day, and its place in the merchant's books.
func JournalNo(merchant int64, bookedAt time.Time, id int64) string {
	digits := strconv.FormatInt(id, 10)
	return journalPrefix + strconv.FormatInt(merchant, 10) + compactOf(bookedAt) + strings.Repeat("0", max(0, journalID-len(digits))) + digits
}

// place is where a number leads: to a transfer, or to one of a row's candidates.
type place struct {
	day     clock.Day
	account Account // of a flow number; empty: id is the transfer's
	id      int64   // the end of the row's place in its account
}

// placeOf reads a whole number that belongs to the merchant.
func placeOf(merchant int64, no string) (p place, ok bool) {
	rest, journal := strings.CutPrefix(no, journalPrefix)
	digits := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' }) < 0
	least, most := flowLength, flowLength
	if journal {
		least, most = merchantID+compactDay+journalID, merchantID+compactDay+journalMax
	}
	if !digits || len(rest) < least || len(rest) > most || rest[:merchantID] != strconv.FormatInt(merchant, 10) {
		return p, false
	}
	day := rest[merchantID : merchantID+compactDay]
	var err error
	if p.day, err = clock.ParseDay(day[:4] + "-" + day[4:6] + "-" + day[6:]); err != nil {
		return p, false
	}
	rest = rest[merchantID+compactDay:]
	if journal {
		p.id, err = strconv.ParseInt(rest, 10, 64)
		return p, err == nil && p.id > 0
	}
	digit := int(rest[2] - '0')
	if rest[:2] != "10" || digit < 1 || digit > len(shown) {
		return p, false
	}
	p.account = shown[digit-1]
	p.id, err = strconv.ParseInt(rest[3:], 10, 64)
	return p, err == nil
}

// IsFlowNo tells whether a text can be the number of one of the merchant's lines, or of a transfer of its.
func IsFlowNo(merchant int64, text string) bool {
	_, ok := placeOf(merchant, text)
	return ok
}

// listable are the accounts whose entries a merchant can list besides those of budgets.
var listable = slices.Concat(shown, Transit(), []Account{Due, FeeIncome})

// Listable tells whether a merchant can list the account's entries: all but the platform's own.
func (a Account) Listable() bool {
	return slices.Contains(listable, a) || strings.HasPrefix(string(a), frozenPrefix) && a.Known()
}

// rank parts entries of one moment: it is the account's place in the list.
func (a Account) rank() int {
	if i := slices.Index(listable, a); i >= 0 {
		return i
	}
	return len(listable)
}
