package ledger

import (
	"strings"
	"time"

	"zhanggui/internal/money"
)

// TransferRef is a transfer as others name it: No finds it, a flow number of its own or its 记账号.
type TransferRef struct {
	No       string
	Kind     Kind
	BookedAt time.Time
	Amount   money.Fen
}

// BookedTransfer is a transfer with all its legs, as it stands in the books.
type BookedTransfer struct {
	Merchant   int64
	ID         int64
	Kind       Kind
	Key        string
	Amount     money.Fen
	BookedAt   time.Time
	BusinessNo string
	VoucherNo  string
	Applicant  string
	Note       string
	Legs       []BookedLeg
	Related    []TransferRef // transfers of the same business number, this one too, in the order they were booked
	More       bool          // there are more of them
}

// JournalNo is the transfer's 记账号.
func (t *BookedTransfer) JournalNo() string { return JournalNo(t.Merchant, t.BookedAt, t.ID) }

// BookedLeg is an entry of a transfer.
type BookedLeg struct {
	FlowRow
	Leg  int
	Hash Hash
}

// RelatedMax is how many transfers of one business number are listed.
const RelatedMax = 50

// OfPlatform tells whether the account is the platform's own: how it stands is not the merchant's to read.
func (a Account) OfPlatform() bool {
	return a == Channel || a == Bank || a == FeeIncome || a == Suspense
}

// refOf names a transfer by its first row that bills show, else by itself.
func refOf(merchant, id int64, at time.Time, accounts []string, seqs []int64) string {
	for i, a := range accounts {
		r := FlowRow{Merchant: merchant, Account: Account(a), Seq: seqs[i], BookedAt: at}
		if no := r.FlowNo(); no != "" {
			return no
		}
	}
	return JournalNo(merchant, at, id)
}

// FrozenNumber is the number of a budget's account; others have none.
func (a Account) FrozenNumber() string {
	number, frozen := strings.CutPrefix(string(a), frozenPrefix)
	if !frozen {
		return ""
	}
	return number
}
