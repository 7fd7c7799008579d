package transfer_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"golang.org/x/text/encoding/simplifiedchinese"

	"zhanggui/internal/access"
	"zhanggui/internal/confirm"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/job"
	"zhanggui/internal/ledger"
	"zhanggui/internal/money"
	"zhanggui/internal/transfer"
)

const head = "收款人openid,收款人姓名,付款金额（元）,付款说明,商户付款单号\n"

// upload checks a file.
func (w *world) upload(body string) (f transfer.File, err error) { return w.uploadAs(db.NewID(), body) }

func (w *world) uploadAs(id uuid.UUID, body string) (f transfer.File, err error) {
	w.t.Helper()
	err = w.DB.InTx(w.t.Context(), func(tx db.Tx) (err error) {
		f, err = w.CheckFile(w.t.Context(), tx, w.scopes[upgraded], transfer.Upload{ID: id, Name: "十月.csv", Body: []byte(body), Address: "203.0.113.7"})
		return err
	})
	return f, err
}

// confirms does what the phone's confirm does.
func (w *world) confirms(f transfer.File) error { return w.confirmsAs(w.scopes[upgraded], f) }

func (w *world) confirmsAs(s access.Scope, f transfer.File) error {
	w.t.Helper()
	params, err := json.Marshal(f.Params("203.0.113.8"))
	must(w.t, err)
	var act confirm.Action
	for _, a := range w.Actions() {
		if a.Code == transfer.FileAction {
			act = a
		}
	}
	return w.DB.InTx(w.t.Context(), func(tx db.Tx) error {
		if _, err := act.Describe(w.t.Context(), tx.PG(), s, params); err != nil {
			return err
		}
		_, err := act.Run(w.t.Context(), tx, s, params)
		return err
	})
}

func (w *world) payFile(f transfer.File) {
	w.t.Helper()
	must(w.t, w.PayFile(w.t.Context(), job.Run{Merchant: f.Merchant, Payload: fmt.Appendf(nil, `{"file":%q}`, f.ID)}))
}

func (w *world) file(id uuid.UUID) (transfer.File, transfer.FileSums) {
	w.t.Helper()
	f, sums, err := transfer.GetFile(w.t.Context(), w.DB.PG(), w.scopes[upgraded], id)
	must(w.t, err)
	return f, sums
}

func (w *world) rows(id uuid.UUID) []transfer.Row {
	w.t.Helper()
	rows, _, err := transfer.FileRows(w.t.Context(), w.DB.PG(), w.scopes[upgraded], id, 0, false, transfer.FileRowsMax)
	must(w.t, err)
	return rows
}

func TestAFileIsCheckedConfirmedOnceAndPaidRowByRow(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.channel.next = func(o transfer.Order) (transfer.Answer, transfer.Answer, error) {
		if o.Name == "李明" {
			a := transfer.Answer{Verdict: transfer.Refused, Code: "NAME_MISMATCH"}
			return a, a, nil
		}
		return paid(o), paid(o), nil
	}
	f, err := w.upload("\ufeff" + head + "oPayee1,张敏,88.00,十月报销,B001\noPayee2,,1.50,十月报销,\n\noPayee1,张敏,2,补差,\noPayee3,李明,3.00,十月报销,\n")
	must(t, err)
	if f.State != transfer.Checked || f.Rows != 4 || f.Total != 94_50 {
		t.Fatalf("%+v", f)
	}
	w.stands(upgraded, map[ledger.Account]money.Fen{ledger.Basic: 50_000_00})
	must(t, w.confirms(f))
	if err := w.confirms(f); !errors.Is(err, transfer.ErrFileState) {
		t.Errorf("confirmed twice: %v", err)
	}
	w.payFile(f)
	w.payFile(f) // the job again
	w.stands(upgraded, map[ledger.Account]money.Fen{ledger.Basic: 49_905_50, ledger.InTransfer: 94_50})
	w.work(upgraded)
	if now, sums := w.file(f.ID); now.State != transfer.Sending || sums.Open != 1 {
		t.Errorf("%s, %+v", now.State, sums)
	}
	w.clock.Advance(transfer.Apart)
	w.work(upgraded)
	now, sums := w.file(f.ID)
	if now.State != transfer.Done || now.Accepted != 4 || sums.Paid != 3 || sums.Failed != 1 || sums.PaidAmount != 91_50 {
		t.Errorf("%+v, %+v", now, sums)
	}
	rows := w.rows(f.ID)
	if rows[0].Payment.Number != "B001" || rows[3].Payment.Code != "NAME_MISMATCH" || rows[0].Masked != "张*" {
		t.Errorf("%+v", rows)
	}
	var told int
	must(t, w.DB.PG().QueryRow(t.Context(), "SELECT count(*) FROM inbox_messages WHERE kind IN ('payment_file_done', 'payment_failed')").Scan(&told))
	if told != 1 {
		t.Errorf("%d messages", told)
	}
	w.sound()
}

func TestWhoConfirmsAFilePaysByItWhoeverUploadedIt(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	f, err := w.upload("openid,amount,desc\noPayee1,88.00,x\n")
	must(t, err)
	boss := access.Job(upgraded, access.Actor{Name: "zhang@1900000208", Account: db.NewID()})
	must(t, w.confirmsAs(boss, f))
	w.payFile(f)
	w.work(upgraded)
	p := *w.rows(f.ID)[0].Payment
	if p = w.get(p); p.Actor != boss.Actor().Name || *p.AccountID != boss.Actor().Account || p.Address != "203.0.113.8" {
		t.Errorf("paid by %s (%s) from %s", p.Actor, p.AccountID, p.Address)
	}
	var applicant string
	must(t, w.DB.PG().QueryRow(t.Context(), "SELECT applicant FROM transfers WHERE kind = 'payment'").Scan(&applicant))
	if applicant != boss.Actor().Name {
		t.Errorf("the books name %s", applicant)
	}
	var told uuid.UUID
	must(t, w.DB.PG().QueryRow(t.Context(), "SELECT account_id FROM inbox_messages WHERE kind = 'payment_file_done'").Scan(&told))
	if told != boss.Actor().Account {
		t.Errorf("%s is told", told)
	}
	w.sound()
}

func TestEveryRowSaysWhatIsWrongWithItAndNothingIsPaid(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	used := w.ask(upgraded, "oPayee9", 88_00)
	used.Number = "B000"
	w.pays(used)
	body := head + strings.Join([]string{"oPayee1,,0.29,x,", "o payee,,1.00,x,", "oPayee2,,12.345,x,", "oPayee3,,1.00,,", "oPayee4,,1.00,x,B000", "oPayee5,,1.00,x,B001",
		"oPayee6,,1.00,x,B001", "oPayee7,,3000,x,", "oPayee7,,2000.01,x,", "oPayee8,,5000.01,x,", "oPayee1,,1.00," + strings.Repeat("字", 34) + ",", "oPayee1,,1.00,x,"}, "\n")
	f, err := w.upload(body)
	must(t, err)
	want := []string{"transfer.amount", "transfer.openid", "transfer.amount", "transfer.desc", "transfer.taken", "", "transfer.twice", "", "transfer.payee_day",
		"transfer.amount", "transfer.desc", ""}
	for i, r := range w.rows(f.ID) {
		var codes []string
		for _, f := range r.Faults {
			codes = append(codes, f.Code)
		}
		if got := strings.Join(codes, " "); got != want[i] || r.Line != int32(i+2) { //nolint:gosec // small
			t.Errorf("line %d: %q, want %q", r.Line, got, want[i])
		}
	}
	if f.State != transfer.Faulty || f.Faults != 9 {
		t.Errorf("%+v", f)
	}
	if err := w.confirms(f); !errors.Is(err, transfer.ErrFileState) {
		t.Errorf("a faulty file is confirmed: %v", err)
	}
	w.sound()
}

func TestWhatIsNoTableOfPaymentsIsRefused(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(head + "oPayee1,张敏,1.00,x,\n")
	must(t, err)
	many := head + strings.Repeat("oPayee1,,1.00,x,\n", transfer.FileRowsMax+1)
	for body, want := range map[string]*fault.Refusal{"": transfer.ErrFileEmpty, head: transfer.ErrFileEmpty, gbk: transfer.ErrFileEncoding,
		"openid,amount\noPayee1,1.00\n": transfer.ErrFileColumns, "openid,openid,amount,desc\n": transfer.ErrFileColumns,
		head + "\"oPayee1,,1.00,x,\n": transfer.ErrFileShape, many: transfer.ErrFileRows} {
		if _, err := w.upload(body); !fault.Is(err, want.Code) {
			t.Errorf("%.40q: %v, want %v", body, err, want)
		}
	}
	if _, err := transfer.ReadFile(t.Context(), make([]byte, transfer.FileBytesMax+1)); !fault.Is(err, transfer.ErrFileLarge.Code) {
		t.Errorf("too large: %v", err)
	}
}

func TestAFormSentTwiceIsOneFileAndNeverAnother(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	id := db.NewID()
	first, err := w.uploadAs(id, "openid,amount,desc\noPayee1,88.00,x\n")
	must(t, err)
	if again, err := w.uploadAs(id, "openid,amount,desc\noPayee1,88.00,x\n"); err != nil || again.ID != first.ID || again.Hash != first.Hash {
		t.Errorf("the same again: %+v, %v", again, err)
	}
	if other, err := w.uploadAs(id, "openid,amount,desc\noPayee1,99.00,x\n"); !errors.Is(err, transfer.ErrFileOther) {
		t.Errorf("another file: %+v, %v", other, err)
	}
}

func TestAFileThatThePayingAccountCannotCoverIsNotConfirmed(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	w.openOperation(upgraded)
	f, err := w.upload("openid,amount,desc\noPayee1,88.00,x\n")
	must(t, err)
	if err := w.confirms(f); !fault.Is(err, ledger.ErrInsufficient.Code) {
		t.Errorf("confirmed: %v", err)
	}
	w.stands(upgraded, map[ledger.Account]money.Fen{ledger.Basic: 50_000_00})
}

func TestAFileOfManyIsAcceptedInPartsAndPaidOnce(t *testing.T) {
	t.Parallel()
	w := inTx(t)
	var b strings.Builder
	b.WriteString("openid,amount,desc\n")
	const rows = 1_200
	for i := range rows {
		fmt.Fprintf(&b, "oPayee%d,1.00,x\n", i)
	}
	f, err := w.upload(b.String())
	must(t, err)
	must(t, w.confirms(f))
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := w.PayFile(ctx, job.Run{Merchant: upgraded, Payload: fmt.Appendf(nil, `{"file":%q}`, f.ID)}); err == nil {
		t.Error("a worker that is cut off says that all is done")
	}
	w.payFile(f)
	w.work(upgraded)
	now, sums := w.file(f.ID)
	if now.State != transfer.Done || sums.Paid != rows || len(w.channel.sent) != rows {
		t.Errorf("%+v, %+v, %d sent", now, sums, len(w.channel.sent))
	}
	w.sound()
}
