package web

import (
	"io"
	"net/http"
	"net/url"
	"strconv"

	"zhanggui/internal/access"
	"zhanggui/internal/calendar"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/sheet"
	"zhanggui/views"
	"zhanggui/views/ui"
)

// opsHolidays is a year of the calendar.
func (s *site) opsHolidays(v *visit) error {
	year, err := v.year()
	if err != nil {
		return err
	}
	return s.holidaysPage(v, http.StatusOK, year, url.Values{"kind": {string(calendar.Holiday)}}, nil)
}

// year is the one that the address names, or this one.
func (v *visit) year() (int, error) {
	text := v.query("year")
	if text == "" {
		return calendar.Year(clock.DayOf(v.site.Clock.Now())), nil
	}
	return parseYear(text)
}

func parseYear(text string) (int, error) {
	year, err := strconv.Atoi(text)
	if err != nil || year < calendar.YearMin || year > calendar.YearMax {
		return 0, fault.ErrNotFound
	}
	return year, nil
}

// holidaysPage reads the year, with this and the next for the warning.
func (s *site) holidaysPage(v *visit, status, year int, typed url.Values, wrong error) error {
	now := s.Clock.Now()
	this := calendar.Year(clock.DayOf(now))
	days, err := calendar.Days(v.ctx(), s.DB.PG(), min(year, this), max(year, this+1))
	if err != nil {
		return err
	}
	f := fields{v: v, typed: typed, family: "calendar."}
	m := views.OpsHolidays{Year: year, Today: clock.DayOf(now), Now: now, Write: v.scope.May(access.OpsCalendarWrite),
		Missing: calendar.Of(days).Missing(clock.DayOf(now)),
		Name:    f.text("name", 16).Field, From: f.text("from", 10).Field, To: f.text("to", 10).Field,
		Kind: f.choice("kind", "radio", "calendar.kind.", []string{string(calendar.Holiday), string(calendar.Workday)}).Field}
	m.To.Required = false
	for _, d := range days {
		if calendar.Year(d.Day) == year {
			m.Days = append(m.Days, d)
		}
	}
	m.Faults = v.faults(wrong, &m.Name, &m.From, &m.To, &m.Kind)
	return v.show(status, views.OpsHolidaysPage(v.frame(v.word("calendar.title"), v.opsCrumbs(ui.Crumb{Word: v.word("calendar.title")})...), m))
}

// addHolidays enters a span of days.
func (s *site) addHolidays(v *visit) error {
	e, err := calendar.Parse(v.form("from"), v.form("to"), v.form("kind"), v.form("name"))
	if err == nil {
		err = s.changeCalendar(v, func(tx db.Tx, p access.Platform) error {
			return calendar.Add(v.ctx(), tx, p, e, v.from(), s.Clock.Now())
		})
	}
	return s.holidaysChanged(v, "calendar_added", err)
}

// removeHolidays takes a span of entered days away.
func (s *site) removeHolidays(v *visit) error {
	e, err := calendar.Parse(v.form("from"), v.form("to"), string(calendar.Holiday), "-")
	if err == nil {
		err = s.changeCalendar(v, func(tx db.Tx, p access.Platform) error {
			return calendar.Remove(v.ctx(), tx, p, e, v.from(), s.Clock.Now())
		})
	}
	return s.holidaysChanged(v, "calendar_removed", err)
}

func (s *site) changeCalendar(v *visit, change func(db.Tx, access.Platform) error) error {
	p, err := v.operator()
	if err != nil {
		return err
	}
	return s.DB.InTx(v.ctx(), func(tx db.Tx) error { return change(tx, p) })
}

// holidaysChanged leads to the year that was changed, or shows the form again.
func (s *site) holidaysChanged(v *visit, done string, wrong error) error {
	year := calendar.Year(clock.DayOf(s.Clock.Now()))
	if from, err := clock.ParseDay(v.form("from")); err == nil {
		year = min(max(calendar.Year(from), calendar.YearMin), calendar.YearMax)
	} else if shown, err := parseYear(v.posted.Get("year")); err == nil {
		year = shown
	}
	if v.correctable(wrong) {
		return s.holidaysPage(v, http.StatusUnprocessableEntity, year, v.posted, wrong)
	}
	if wrong != nil {
		return wrong
	}
	v.flash(ui.Done, done)
	return v.seeOther("/ops/holidays?year=" + strconv.Itoa(year))
}

// holidayWire is an entered day in JSON.
type holidayWire struct {
	Day  string `json:"day"`
	Kind string `json:"kind"`
	Name string `json:"name"`
}

func (s *site) opsHolidaysJSON(v *visit) error {
	year, err := v.year()
	if err != nil {
		return err
	}
	days, err := calendar.Days(v.ctx(), s.DB.PG(), year, year)
	out := listing[holidayWire]{Rows: make([]holidayWire, 0, len(days))}
	for _, d := range days {
		out.Rows = append(out.Rows, holidayWire{Day: d.Day.String(), Kind: string(d.Kind), Name: d.Name})
	}
	if err != nil {
		return err
	}
	return v.showJSON(http.StatusOK, out)
}

func (s *site) opsHolidaysCSV(v *visit) error {
	year, err := v.year()
	if err != nil {
		return err
	}
	days, err := calendar.Days(v.ctx(), s.DB.PG(), year, year)
	if err != nil {
		return err
	}
	return v.stream("calendar.title", func(w io.Writer) error {
		out := sheet.New(w, v.words("calendar.col.", "days", "kind", "name")...)
		for _, d := range days {
			if err := out.Row(d.Day.String(), v.word("calendar.kind."+string(d.Kind)), d.Name); err != nil {
				return err
			}
		}
		return out.Flush()
	})
}
