package web

import (
	"io"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"zhanggui/internal/access"
	"zhanggui/internal/alert"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/ledger"
	"zhanggui/internal/sheet"
	"zhanggui/internal/topup"
	"zhanggui/internal/words"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// alerts lists the accounts with the balances below which somebody is told.
func (s *site) alerts(v *visit) error {
	rows, err := alert.Lines(v.ctx(), s.DB.PG(), v.scope)
	if err != nil {
		return err
	}
	m := views.Alerts{Rows: rows, May: v.scope.May(access.FundsAlert)}
	return v.show(http.StatusOK, views.AlertsPage(v.frame(v.word("alerts.title"), v.fundsCrumbs(ui.Crumb{Word: v.word("alerts.title")})...), m))
}

// alertWire is an account's alert in JSON.
type alertWire struct {
	Account   string  `json:"account"`
	Balance   int64   `json:"balance"`
	Threshold *int64  `json:"threshold"`
	Watchers  int     `json:"watchers"`
	Low       bool    `json:"low"`
	LowSince  *string `json:"low_since"`
}

func (s *site) alertsJSON(v *visit) error {
	rows, err := alert.Lines(v.ctx(), s.DB.PG(), v.scope)
	if err != nil {
		return err
	}
	out := listing[alertWire]{Rows: make([]alertWire, 0, len(rows))}
	for _, l := range rows {
		w := alertWire{Account: string(l.Account), Balance: int64(l.Balance), Low: l.Low()}
		if l.Alert != nil {
			fen := int64(l.Alert.Threshold)
			w.Threshold, w.Watchers, w.LowSince = &fen, len(l.Alert.Watchers), wireTime(l.Alert.LowSince)
		}
		out.Rows = append(out.Rows, w)
	}
	return v.showJSON(http.StatusOK, out)
}

func (s *site) alertsCSV(v *visit) error {
	rows, err := alert.Lines(v.ctx(), s.DB.PG(), v.scope)
	if err != nil {
		return err
	}
	return v.stream("alerts.title", func(w io.Writer) error {
		out := sheet.New(w, v.words("alerts.col.", "account", "balance", "threshold", "watchers", "state")...)
		for _, l := range rows {
			if err := out.Row(topup.AccountWord(v.ctx(), string(l.Account)), l.Balance.String(), views.AlertThreshold(l),
				views.AlertWatchers(v.ctx(), l), views.AlertState(v.ctx(), l)); err != nil {
				return err
			}
		}
		return out.Flush()
	})
}

// alertLine is the account that the address names.
func (s *site) alertLine(v *visit) (l alert.Line, err error) {
	name, err := v.path("account")
	if err != nil {
		return l, err
	}
	rows, err := alert.Lines(v.ctx(), s.DB.PG(), v.scope)
	if err != nil {
		return l, err
	}
	i := slices.IndexFunc(rows, func(l alert.Line) bool { return string(l.Account) == name })
	if i < 0 {
		return l, fault.ErrNotFound
	}
	return rows[i], nil
}

// showAlert asks below which balance of an account whom to tell.
func (s *site) showAlert(v *visit) error {
	l, err := s.alertLine(v)
	if err != nil {
		return err
	}
	threshold, watchers := "", []string{v.scope.Actor().Account.String()}
	if l.Alert != nil {
		threshold, watchers = l.Alert.Threshold.Plain(), texted(l.Alert.Watchers)
	}
	return s.alertForm(v, http.StatusOK, l, threshold, watchers, nil)
}

func texted(ids []uuid.UUID) []string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = id.String()
	}
	return all
}

func (s *site) alertForm(v *visit, status int, l alert.Line, threshold string, watchers []string, wrong error) error {
	people, err := s.Alerts.People(v.ctx(), s.DB.PG(), v.scope)
	if err != nil {
		return err
	}
	m := views.AlertForm{Line: l,
		Threshold: ui.Field{Name: "threshold", Label: v.word("alerts.threshold"), Hint: v.word("alerts.threshold_hint"), Value: threshold,
			InputMode: "decimal", MaxLength: 20, Required: true},
		Watchers: ui.Field{Name: "watchers", Label: v.word("alerts.watchers"),
			Hint: v.wordf("alerts.watchers_hint", words.Args{"Max": alert.WatchersMax})}}
	for _, p := range people {
		id := p.Seat.Account.String()
		m.Watchers.Options = append(m.Watchers.Options, ui.Option{Value: id, Word: p.NameMasked + " " + p.Seat.Name, Chosen: slices.Contains(watchers, id)})
	}
	m.Faults = v.faults(wrong, &m.Threshold, &m.Watchers)
	title := topup.AccountWord(v.ctx(), string(l.Account))
	frame := v.frame(title, v.fundsCrumbs(ui.Crumb{Word: v.word("alerts.title"), Href: views.AlertsPath}, ui.Crumb{Word: title})...)
	return v.show(status, views.AlertPage(frame, m))
}

// setAlert sets the alert of an account.
func (s *site) setAlert(v *visit) error {
	l, err := s.alertLine(v)
	if err != nil {
		return err
	}
	set, err := alert.ParseSetting(l.Account, v.form("threshold"), v.formMany("watchers"))
	set.From = v.from()
	if err == nil {
		err = s.DB.InTx(v.ctx(), func(tx db.Tx) error { return s.Alerts.Set(v.ctx(), tx, v.scope, set) })
	}
	if v.correctable(err) {
		return s.alertForm(v, http.StatusUnprocessableEntity, l, v.form("threshold"), v.formMany("watchers"), err)
	} else if err != nil {
		return err
	}
	v.flash(ui.Done, "alert_set")
	return v.seeOther(views.AlertsPath)
}

// removeAlert ends the alert of an account.
func (s *site) removeAlert(v *visit) error {
	name, err := v.path("account")
	if err == nil {
		err = s.DB.InTx(v.ctx(), func(tx db.Tx) error { return s.Alerts.Remove(v.ctx(), tx, v.scope, ledger.Account(name), v.from()) })
	}
	if err != nil {
		return err
	}
	v.flash(ui.Done, "alert_removed")
	return v.seeOther(views.AlertsPath)
}
