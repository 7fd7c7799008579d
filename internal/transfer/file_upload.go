package transfer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/product"
	"zhanggui/internal/vault"
)

// Upload is a file on its way in. ID names it beforehand, so that a form sent twice is one file.
type Upload struct {
	ID      uuid.UUID
	Name    string
	Body    []byte
	Address string
}

// CheckFile keeps a file with what is wrong with each of its rows. Nothing is paid by it. It refuses what is
// no table of payments, and another file under the ID of one that is here.
func (d Deps) CheckFile(ctx context.Context, tx db.Tx, s access.Scope, u Upload) (File, error) {
	if err := s.Require(access.TransferMake); err != nil {
		return File{}, err
	}
	open, err := product.IsOpen(ctx, tx.PG(), s.Merchant(), Code)
	if err != nil {
		return File{}, err
	}
	if !open {
		return File{}, ErrProduct
	}
	rows, err := ReadFile(ctx, u.Body)
	if err != nil {
		return File{}, err
	}
	if err := ledger.Hold(ctx, tx, s.Merchant()); err != nil {
		return File{}, err
	}
	sum := sha256.Sum256(u.Body)
	hash := hex.EncodeToString(sum[:])
	known, err := getFile(ctx, tx.PG(), s.Merchant(), u.ID)
	switch {
	case err == nil && known.Hash != hash:
		return File{}, ErrFileOther
	case !errors.Is(err, fault.ErrNotFound):
		return known, err
	}
	f := File{Merchant: s.Merchant(), ID: u.ID, Size: int64(len(u.Body)), Rows: int64(len(rows)), UploadedAt: d.Clock.Now(), AccountID: s.Actor().Account,
		State: Checked, Actor: s.Actor().Name, Address: u.Address, Name: fileName(u.Name), Hash: hash}
	var payees, numbers texts
	for _, r := range rows {
		payees.add(f.Merchant, r.OpenID)
		numbers.add(f.Merchant, r.Number)
	}
	stand, err := standing(ctx, tx, []int64{f.Merchant}, payees, numbers)
	if err != nil {
		return f, err
	}
	if f.Total, f.Faults = judge(rows, stand[f.Merchant], f.UploadedAt); f.Faults > 0 {
		f.State = Faulty
	}
	for i := range rows {
		d.seal(f, &rows[i])
	}
	return f, insertFile(ctx, tx, f, rows)
}

// seal hides a row's name.
func (d Deps) seal(f File, r *Row) {
	if r.plain != "" {
		name := cutText(r.plain, keptName)
		r.Masked, r.name = cut(vault.MaskName(name), keptName), d.Vault.Seal(rowAt(f, *r), name)
	}
}

func rowAt(f File, r Row) vault.At {
	return vault.At{Table: "payment_file_rows", Column: "name", Row: f.ID.String() + "/" + strconv.Itoa(int(r.Line)), Merchant: f.Merchant}
}
