package sandbox

import (
	"context"
	"testing"

	"zhanggui/internal/db"
)

// take hands a payment in, as its path does behind the signature.
func take(t *testing.T, w *WeChat, p Payout) error {
	t.Helper()
	return w.store.db.InTx(t.Context(), func(tx db.Tx) error {
		_, err := w.takePayout(t.Context(), tx, p)
		return err
	})
}

func TestTheBankTakesANumberOnceAndOthersUnderItNever(t *testing.T) {
	t.Parallel()
	w := newPayWorld(t)
	p := Payout{Number: "S19000001092026112001", Merchant: 1900000109, Amount: 9940, Kind: "settlement", Holder: "老王面馆", Bank: "招商银行",
		Account: "6222021234567890123", Memo: "货款结算"}
	for range 2 {
		if err := take(t, w.WeChat, p); err != nil {
			t.Fatal(err)
		}
	}
	p.Amount++
	if err := take(t, w.WeChat, p); err == nil {
		t.Error("another amount under the same number was taken")
	}
	all, err := w.Payouts(context.Background())
	if err != nil || len(all) != 1 || all[0].Status != payoutProcessing || all[0].Amount != 9940 {
		t.Errorf("%+v, %v", all, err)
	}
}
