package merchant

import (
	"context"
	"fmt"
	"strconv"

	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/vault"
)

// phoneAt is where a merchant's contact phone is sealed.
func phoneAt(id int64) vault.At {
	return vault.At{Table: "merchants", Column: "contact_phone", Row: strconv.FormatInt(id, 10), Merchant: id}
}

// ChangeProfile writes down what is new; a merchant that does not exist is fault.ErrNotFound.
func ChangeProfile(ctx context.Context, tx db.Tx, v *vault.Vault, id int64, p Profile, by ProfileChange) error {
	if err := p.Check(); err != nil {
		return err
	}
	phone, masked := []byte{}, ""
	if p.ContactPhone != "" {
		phone, masked = v.Seal(phoneAt(id), p.ContactPhone), vault.MaskPhone(p.ContactPhone)
	}
	done, err := tx.PG().Exec(ctx, `
		UPDATE merchants SET short_name = coalesce(nullif($2, ''), short_name),
			contact_phone = CASE WHEN $4 = '' THEN contact_phone ELSE $3 END,
			contact_phone_masked = coalesce(nullif($4, ''), contact_phone_masked),
			profile_changed_at = $5, profile_changed_by = $6, profile_confirmation = $7
		WHERE merchant_id = $1 AND kind <> 'platform'`,
		id, p.ShortName, phone, masked, by.At, by.By, by.Confirmation)
	if err != nil {
		return fmt.Errorf("change profile of %d: %w", id, err)
	}
	if done.RowsAffected() == 0 {
		return fault.ErrNotFound
	}
	return nil
}
