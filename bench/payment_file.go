package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/job"
	"zhanggui/internal/transfer"
)

// promptChannel pays at once, and knows of nothing it was not sent: what is measured is ours alone.
type promptChannel struct{}

func (promptChannel) SendPayment(_ context.Context, o transfer.Order) (transfer.Answer, error) {
	return transfer.Answer{Verdict: transfer.Paid, PaymentNo: "1000" + o.Number, Amount: o.Amount}, nil
}

func (promptChannel) FindPayment(context.Context, string) (transfer.Answer, error) {
	return transfer.Answer{Verdict: transfer.NotFound}, nil
}

// files are the duels of the largest file there is: until its rows are accepted, and until the last is paid.
func (b *paymentsBench) files() []duel {
	name := func(end string) string {
		return fmt.Sprintf("a file of %d rows, %s ÷ by hand", transfer.FileRowsMax, end)
	}
	return []duel{
		{name: name("accepted"), ours: b.file(false), limit: b.side(b.one, b.byHand), other: "SQL function, batched, one merchant"},
		{name: name("paid"), ours: b.file(true), limit: b.side(b.one, b.byHand), other: "SQL function, batched, one merchant"},
	}
}

// file checks a file of a merchant of each repetition's own, lets it run, and sends what came of it where that
// is asked for.
func (b *paymentsBench) file(send bool) side {
	return func(ctx context.Context, _ int) (float64, error) {
		b.lastFile++
		scope, id := access.Job(postingFirst+b.lastFile, access.System), db.NewID()
		body := paymentFile()
		began := time.Now()
		err := b.app.InTx(ctx, func(tx db.Tx) error {
			f, err := b.deps.CheckFile(ctx, tx, scope, transfer.Upload{ID: id, Name: "bench.csv", Body: body, Address: "127.0.0.1"})
			if err == nil && f.State != transfer.Checked {
				err = fmt.Errorf("the file is %s, %d rows have faults", f.State, f.Faults)
			}
			return err
		})
		if err != nil {
			return 0, err
		}
		if err := b.confirm(ctx, scope.Merchant(), id); err != nil {
			return 0, err
		}
		payload, err := json.Marshal(map[string]uuid.UUID{"file": id})
		if err != nil {
			return 0, err
		}
		if err := b.deps.PayFile(ctx, job.Run{Merchant: scope.Merchant(), Payload: payload}); err != nil {
			return 0, err
		}
		want := transfer.Waiting
		if send {
			want = transfer.Success
			if err := b.deps.Work(ctx, job.Run{Merchant: scope.Merchant()}); err != nil {
				return 0, err
			}
		}
		took := time.Since(began)
		return transfer.FileRowsMax / took.Seconds(), b.all(ctx, scope.Merchant(), id, want)
	}
}

// confirm lets the file run, as the maker's phone does.
func (b *paymentsBench) confirm(ctx context.Context, merchant int64, id uuid.UUID) error {
	_, err := b.app.PG().Exec(ctx, `UPDATE payment_files SET state = 'accepting', confirmed_at = now(), confirmer_id = account_id, confirmer = actor,
			confirmed_from = address WHERE merchant_id = $1 AND id = $2`, merchant, id)
	return err
}

// all fails unless every row of the file became a payment that stands so.
func (b *paymentsBench) all(ctx context.Context, merchant int64, id uuid.UUID, want transfer.State) error {
	var n int64
	err := b.app.PG().QueryRow(ctx, "SELECT count(*) FROM enterprise_payments WHERE merchant_id = $1 AND file_id = $2 AND state = $3", merchant, id, want).Scan(&n)
	if err == nil && n != transfer.FileRowsMax {
		err = fmt.Errorf("%d of %d rows are %s", n, transfer.FileRowsMax, want)
	}
	return err
}

// paymentFile is a file in which every payee is another.
func paymentFile() []byte {
	var body strings.Builder
	fmt.Fprintf(&body, "%s,%s,%s\n", transfer.FieldOpenID, transfer.FieldAmount, transfer.FieldDesc)
	for range transfer.FileRowsMax {
		fmt.Fprintf(&body, "o%d,%s,bench\n", payee.Add(1), paidEach)
	}
	return []byte(body.String())
}
