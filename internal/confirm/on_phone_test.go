package confirm

import (
	"testing"

	"zhanggui/internal/access"
	"zhanggui/internal/dbtest"
	"zhanggui/internal/fault"
)

func TestThePhonesOwnFormIsAConfirmation(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	sheet, err := w.Show(t.Context(), w.shop, w.maker.openid, noting, note{Text: "早"})
	w.must(err)
	if sheet.Words.Title != "写下 早" || w.count("confirmations", "merchant_id = $1", w.shop) != 0 {
		t.Fatalf("%+v", sheet)
	}
	done, err := w.OnPhone(t.Context(), w.shop, w.maker.openid, noting, note{Text: "早"}, sheet.Hash)
	w.must(err)
	if done.State != Done || w.runs("早") != 1 || w.audited(done.Confirmation, noting, "done", "") != 1 {
		t.Errorf("%s, ran %d times", done.State, w.runs("早"))
	}
	if w.count("confirmations", "id = $1 AND via = 'phone' AND openid = $2", done.ID, w.maker.openid) != 1 {
		t.Error("no row tells of it")
	}
}

func TestOnThePhoneTooOnlyWhatWasShownRuns(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	sheet, err := w.Show(t.Context(), w.shop, w.maker.openid, noting, note{Text: "早"})
	w.must(err)
	_, err = w.OnPhone(t.Context(), w.shop, w.maker.openid, noting, note{Text: "晚"}, sheet.Hash)
	w.refused(err, ErrChanged)
	_, err = w.OnPhone(t.Context(), w.shop, w.maker.openid, noting, note{Text: "早"}, "")
	w.refused(err, ErrChanged)
	w.exec("UPDATE merchants SET short_name = '新面馆' WHERE merchant_id = $1", w.shop)
	_, err = w.OnPhone(t.Context(), w.shop, w.maker.openid, noting, note{Text: "早"}, sheet.Hash)
	w.refused(err, ErrChanged)
	if w.runs("早")+w.runs("晚") != 0 {
		t.Error("it ran")
	}
}

func TestOnThePhoneTooRightsAreThoseOfTheMoment(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	_, err := w.Show(t.Context(), w.shop, w.clerk.openid, noting, note{Text: "早"})
	if r := refusalOf(err); r == nil || r.Code != ErrForbidden.Code {
		t.Errorf("got %v", err)
	}
	_, err = w.OnPhone(t.Context(), w.shop, w.maker.openid, leading, note{Text: "早"}, "")
	w.refused(err, ErrSuperOnly)
	_, err = w.Show(t.Context(), w.shop, "o-stranger", noting, note{Text: "早"})
	w.refused(err, fault.ErrNotFound)
	sheet, err := w.Show(t.Context(), w.shop, w.maker.openid, noting, note{Text: "早", Refuse: true})
	w.must(err)
	sheet, err = w.OnPhone(t.Context(), w.shop, w.maker.openid, noting, note{Text: "早", Refuse: true}, sheet.Hash)
	w.must(err)
	if sheet.State != Failed || w.runs("早") != 0 {
		t.Errorf("%s, ran %d times", sheet.State, w.runs("早"))
	}
	w.rules(noting, 0, access.Finance)
	sheet, err = w.Show(t.Context(), w.shop, w.maker.openid, noting, note{Text: "早"})
	w.must(err)
	sheet, err = w.OnPhone(t.Context(), w.shop, w.maker.openid, noting, note{Text: "早"}, sheet.Hash)
	w.must(err)
	if sheet.State != Approving {
		t.Errorf("a rule does not hold on the phone: %s", sheet.State)
	}
	w.told(sheet.Confirmation, w.checker, Done, nil)
}

func TestPrivateActsOnThePhone(t *testing.T) {
	t.Parallel()
	w := pinned(t)
	sheet, err := w.Show(t.Context(), w.shop, w.maker.openid, sealing, note{Text: "6222021"})
	w.must(err)
	sheet, err = w.OnPhone(t.Context(), w.shop, w.maker.openid, sealing, note{Text: "6222021"}, sheet.Hash)
	w.must(err)
	if sheet.State != Done || w.count("confirmations", "id = $1 AND params LIKE '%6222021%'", sheet.ID) != 0 {
		t.Errorf("%s, or the number stands in the database", sheet.State)
	}
}

func TestVerifyNamesWhatWasRewritten(t *testing.T) {
	t.Parallel()
	dsn := dbtest.DSN(t)
	w := newWorld(t, dbtest.Open(t, dsn))
	owner := dbtest.Owner(t, dsn)
	w.rules(noting, 0, access.Finance)
	plain := w.asks(w.maker, sealing, note{Text: "早"})
	w.confirms(plain, w.maker)
	c := w.waits(w.maker, noting, note{Text: "晚"})
	w.told(c, w.checker, Done, nil)
	n, problems, err := Verify(t.Context(), w.db.PG())
	w.must(err)
	if n != 4 || len(problems) != 0 {
		t.Fatalf("%d checked, %v", n, problems)
	}
	for name, rewrite := range map[string]string{
		"words":      "UPDATE confirmations SET words = replace(words, '早', '夜') || ' ' WHERE id = '" + plain.ID.String() + "'",
		"parameters": "UPDATE confirmations SET params = params || ' ' WHERE id = '" + c.ID.String() + "'",
		"the hash":   "UPDATE confirmations SET hash = sha256('x') WHERE id = '" + c.ID.String() + "'",
		"no answer":  "UPDATE approvals SET checker_id = NULL, checker_openid = '', checker_paper = '', answered_at = NULL",
		"the maker": "ALTER TABLE approvals DROP CONSTRAINT approvals_check1; UPDATE approvals SET checker_id = maker_id, checker_openid = maker_openid;" +
			" UPDATE approvals SET checker_paper = maker_paper",
	} {
		err := owner.InTx(t.Context(), func(tx tx) error {
			for _, s := range statements(rewrite) {
				if _, err := tx.PG().Exec(t.Context(), s); err != nil {
					return err
				}
			}
			_, problems, err := Verify(t.Context(), tx.PG())
			if err == nil && len(problems) == 0 {
				t.Errorf("%s rewritten, and nothing is named", name)
			}
			if err == nil {
				err = errTest // let nothing stay
			}
			return err
		})
		w.refused(err, errTest)
	}
}
