package topup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/money"
	"zhanggui/internal/words"
)

// EventArrived is the bank's word that money is there.
const EventArrived = "TOPUP.SUCCESS"

// Kind is the event in the books.
const Kind ledger.Kind = "topup"

// Arrival is what the bank says about a transfer that came, as it stands on the wire.
type Arrival struct {
	TransferNo string `json:"transfer_no"`
	MchID      string `json:"mchid"`
	Account    string `json:"account"`
	Amount     int64  `json:"amount"` // fen
	Reference  string `json:"reference"`
	PayerName  string `json:"payer_name"`
	Bank       string `json:"bank"`
}

var transferForm = regexp.MustCompile(`^[0-9A-Za-z_-]{1,64}$`)

// Notice takes the bank's word. What is refused is kept and counts as heard: hearing it again would
// change nothing.
func (d Deps) Notice(ctx context.Context, event string, resource json.RawMessage) error {
	if event != EventArrived {
		return ErrMalformed
	}
	var a Arrival
	if err := json.Unmarshal(resource, &a); err != nil {
		return ErrMalformed
	}
	_, err := d.Arrive(ctx, a)
	if _, refused := fault.As(err); refused && !errors.Is(err, ErrMalformed) {
		return nil
	}
	return err
}

// Arrive books money that came, once for each number of the bank, and tells the merchant. It refuses with
// ErrUnknown, ErrNotOpen and ErrContradict, and then keeps what came for operators; what is not even a
// transfer is ErrMalformed and kept nowhere.
func (d Deps) Arrive(ctx context.Context, a Arrival) (TopUp, error) {
	id, err := strconv.ParseInt(a.MchID, 10, 64)
	if err != nil || id <= 0 || a.Amount <= 0 || a.Amount > int64(AmountMax) || !transferForm.MatchString(a.TransferNo) {
		return TopUp{}, ErrMalformed
	}
	a.Account, a.Reference = plain(a.Account, 32), plain(a.Reference, textMax)
	a.PayerName, a.Bank = plain(a.PayerName, textMax), plain(a.Bank, textMax)
	var t TopUp
	err = d.DB.InTx(ctx, func(tx db.Tx) (err error) {
		t, err = d.book(ctx, tx, id, a, d.Clock.Now())
		return err
	})
	if r, refused := fault.As(err); refused {
		if kept := d.keepRefused(ctx, id, a, r.Code); kept != nil {
			return t, kept // not heard: the bank must say it again
		}
	}
	return t, err
}

// plain is a text of the bank's as it can be kept and shown.
func plain(text string, most int) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, strings.TrimSpace(text))
	if all := []rune(text); len(all) > most {
		return string(all[:most])
	}
	return text
}

// book is one transfer, which is one merchant's alone: what it fulfils, its line of the books, and the word to the merchant.
func (d Deps) book(ctx context.Context, tx db.Tx, id int64, a Arrival, now time.Time) (TopUp, error) {
	m, account, err := place(ctx, tx, id, a)
	if err != nil {
		return TopUp{}, err
	}
	if err := claim(ctx, tx, m.ID, a.TransferNo); err != nil {
		return TopUp{}, err
	}
	known, found, err := byTransfer(ctx, tx.PG(), m.ID, a.TransferNo)
	switch {
	case err != nil:
		return TopUp{}, err
	case found && (known.Amount != money.Fen(a.Amount) || known.Account != account && known.Account != ledger.Account(a.Account)):
		return TopUp{}, ErrContradict
	case found:
		return known, nil
	}
	t, err := fulfilled(ctx, tx, m.ID, account, a, now)
	if err != nil {
		return TopUp{}, err
	}
	done, err := ledger.Post(ctx, tx, now, t.transfer(ctx))
	if err != nil {
		return TopUp{}, fmt.Errorf("book transfer %s of %d: %w", a.TransferNo, m.ID, err)
	}
	t.ArrivedAt, t.TransferID = &done.BookedAt, &done.ID
	if err := save(ctx, tx, &t); err != nil {
		return TopUp{}, err
	}
	return t, d.tellArrived(ctx, tx, t)
}

// place decides whose money it is and on which account, holding the merchant's books. What was sent to the
// available balance of a merchant that has been upgraded meanwhile goes to its basic account.
func place(ctx context.Context, tx db.Tx, id int64, a Arrival) (m merchant.Merchant, account ledger.Account, err error) {
	if id == access.PlatformID {
		return m, "", ErrUnknown
	}
	if _, err = merchant.Get(ctx, tx.PG(), id); errors.Is(err, fault.ErrNotFound) {
		return m, "", ErrUnknown
	} else if err != nil {
		return m, "", err
	}
	if err := ledger.Hold(ctx, tx, id); err != nil {
		return m, "", err
	}
	if m, err = merchant.Get(ctx, tx.PG(), id); err != nil { // held: an upgrade is over, or has not begun
		return m, "", err
	}
	open, err := ledger.Balances(ctx, tx.PG(), m.ID)
	if err != nil {
		return m, "", err
	}
	account = ledger.Account(a.Account)
	if account == ledger.Available && m.System == merchant.Upgraded {
		account = ledger.Basic
	}
	for _, possible := range Accounts(m, open) {
		if possible == account {
			return m, account, nil
		}
	}
	return m, "", ErrNotOpen
}

// fulfilled is the announced transfer that came, or one that nobody announced. What bears no reference of
// ours fulfils nothing.
func fulfilled(ctx context.Context, tx db.Tx, m int64, account ledger.Account, a Arrival, now time.Time) (t TopUp, err error) {
	ours := refersTo(m, a, account)
	found := false
	if ours {
		if t, found, err = announced(ctx, tx, m, account, money.Fen(a.Amount), now); err != nil {
			return t, err
		}
	}
	if !found {
		t = TopUp{Merchant: m, Account: account, CreatedAt: now}
		if t.N, err = nextCount(ctx, tx, m); err != nil {
			return t, err
		}
	}
	t.State, t.Amount, t.Reference = Arrived, money.Fen(a.Amount), a.Reference
	if !ours {
		t.State = Unmatched
	}
	t.TransferNo, t.PayerName, t.Bank = a.TransferNo, a.PayerName, a.Bank
	return t, nil
}

// refersTo tells whether the payer wrote the reference of the account beside the transfer. That of the available
// balance goes on meaning the basic account once the merchant is upgraded.
func refersTo(m int64, a Arrival, account ledger.Account) bool {
	wrote := bare(a.Reference)
	return wrote == Reference(m, ledger.Account(a.Account)) || wrote == Reference(m, account) ||
		account == ledger.Basic && wrote == Reference(m, ledger.Available)
}

// transfer is what the books are told.
func (t TopUp) transfer(ctx context.Context) ledger.Transfer {
	note := t.Reference
	if t.State == Unmatched {
		note = words.F(ctx, "topup.note_unmatched", words.Args{"Payer": t.PayerName, "Reference": t.Reference})
	}
	return ledger.Transfer{Merchant: t.Merchant, Kind: Kind, Key: t.TransferNo, BusinessNo: t.No(), VoucherNo: t.TransferNo,
		Applicant: access.System.Name, Note: note,
		Legs: []ledger.Leg{{Account: ledger.Bank, Amount: -t.Amount}, {Account: t.Account, Amount: t.Amount, Row: ledger.RowTopUp}}}
}
