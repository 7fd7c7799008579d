package sandbox

import (
	"testing"
)

func TestABankTransferIsToldAtOnceAndAgainWhileItIsNotTakenIn(t *testing.T) {
	t.Parallel()
	w := newPayWorld(t)
	no, err := w.Transfer(t.Context(), BankTransfer{Merchant: 1900000208, Account: "BASIC", Amount: 500, Reference: "x", PayerName: "云上百货"})
	if err == nil || no == "" {
		t.Fatalf("%q, %v: nobody takes top-ups here", no, err)
	}
	book, err := w.Book(t.Context())
	if err != nil || len(book) != 1 || book[0].Operation != "topup" || book[0].OutNo != no || book[0].Amount != 500 {
		t.Errorf("%+v, %v", book, err)
	}
	var waiting int
	if err := w.store.db.PG().QueryRow(t.Context(), "SELECT count(*) FROM jobs WHERE kind = $1 AND state = 'open'", NotifyKind).Scan(&waiting); err != nil || waiting != 1 {
		t.Errorf("%d tries are put down, %v", waiting, err)
	}
}
