package calendar_test

import (
	"slices"
	"testing"

	"zhanggui/internal/calendar"
	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
)

// autumn is a long holiday with a Saturday worked for it.
var autumn = calendar.New(map[clock.Day]calendar.Kind{
	"2026-10-01": calendar.Holiday, "2026-10-02": calendar.Holiday, "2026-10-03": calendar.Holiday, "2026-10-04": calendar.Holiday,
	"2026-10-05": calendar.Holiday, "2026-10-06": calendar.Holiday, "2026-10-07": calendar.Holiday, "2026-10-10": calendar.Workday,
})

func TestWeekdaysAreWorkedUnlessEnteredOtherwise(t *testing.T) {
	t.Parallel()
	for day, want := range map[clock.Day]bool{
		"2026-09-30": true, "2026-10-01": false, "2026-10-07": false, "2026-10-08": true,
		"2026-10-10": true,                       // a Saturday that is worked
		"2026-10-11": false, "2026-11-21": false, // a Sunday, a Saturday
		"2027-10-01": true, // nobody entered that year: a Friday is a Friday
	} {
		if got := autumn.Workday(day); got != want {
			t.Errorf("%s is a working day: %v, want %v", day, got, want)
		}
	}
}

func TestWhatIsDueReachesTheBankOnTheNextWorkingDay(t *testing.T) {
	t.Parallel()
	for due, want := range map[clock.Day]clock.Day{
		"2026-11-20": "2026-11-20",                             // Friday itself
		"2026-11-21": "2026-11-23", "2026-11-22": "2026-11-23", // the weekend pays on Monday
		"2026-10-01": "2026-10-08", "2026-10-10": "2026-10-10", "2026-10-11": "2026-10-12",
	} {
		if got := autumn.From(due); got != want {
			t.Errorf("due on %s it is paid on %s, want %s", due, got, want)
		}
	}
	if got := autumn.Next("2026-11-20"); got != "2026-11-23" {
		t.Errorf("the working day after Friday is %s", got)
	}
}

func TestACalendarOfHolidaysAloneStillEnds(t *testing.T) {
	t.Parallel()
	days := map[clock.Day]calendar.Kind{}
	for d := clock.Day("2026-01-01"); d < "2029-01-01"; d = d.Next() {
		days[d] = calendar.Holiday
	}
	if got := calendar.New(days).From("2026-01-01"); got <= "2026-12-31" {
		t.Errorf("it stopped at %s", got)
	}
}

func TestOperatorsAreWarnedOfTheNextYearFromDecember(t *testing.T) {
	t.Parallel()
	for today, want := range map[clock.Day][]int{
		"2026-11-30": nil, "2026-12-01": {2027}, "2026-12-31": {2027}, "2027-01-01": {2027}, "2027-12-01": {2027, 2028},
	} {
		if got := autumn.Missing(today); !slices.Equal(got, want) {
			t.Errorf("on %s are missing %v, want %v", today, got, want)
		}
	}
}

func TestEntriesSayBesideTheFieldWhatIsWrong(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		from, to, kind, name string
		want                 []*fault.Refusal
	}{
		"a span":                {"2027-02-05", "2027-02-11", "holiday", "春节", nil},
		"a day":                 {"2027-02-20", "", "workday", "春节调休", nil},
		"no day at all":         {"2027-02-30", "", "holiday", "春节", []*fault.Refusal{calendar.ErrFrom}},
		"an end before":         {"2027-02-05", "2027-02-04", "holiday", "春节", []*fault.Refusal{calendar.ErrTo}},
		"too long":              {"2027-02-05", "2027-04-05", "holiday", "春节", []*fault.Refusal{calendar.ErrSpan}},
		"over new year":         {"2026-12-31", "2027-01-02", "holiday", "元旦", []*fault.Refusal{calendar.ErrYears}},
		"another century":       {"2127-01-01", "", "holiday", "元旦", []*fault.Refusal{calendar.ErrYear}},
		"a worked Monday":       {"2027-02-22", "", "workday", "调休", []*fault.Refusal{calendar.ErrWeekday}},
		"nothing filled in":     {"", "", "", "", []*fault.Refusal{calendar.ErrFrom, calendar.ErrKind, calendar.ErrName}},
		"a name with a line":    {"2027-02-05", "", "holiday", "春\n节", []*fault.Refusal{calendar.ErrName}},
		"a name that is a poem": {"2027-02-05", "", "holiday", "春节春节春节春节春节春节春节春节春", []*fault.Refusal{calendar.ErrName}},
	} {
		_, err := calendar.Parse(c.from, c.to, c.kind, c.name)
		got := fault.All(err)
		if len(got) != len(c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
			continue
		}
		for i, r := range got {
			if r.Code != c.want[i].Code {
				t.Errorf("%s: %v, want %v", name, r, c.want[i])
			}
		}
	}
}

func TestDaysOfOneNameStandTogether(t *testing.T) {
	t.Parallel()
	spans := calendar.Spans([]calendar.Entered{{"2026-10-01", calendar.Holiday, "国庆节"}, {"2026-10-02", calendar.Holiday, "国庆节"},
		{"2026-10-03", calendar.Holiday, "中秋节"}, {"2026-10-10", calendar.Workday, "中秋节"}})
	if len(spans) != 3 || spans[0].Length() != 2 || spans[0].To != "2026-10-02" || spans[2].Kind != calendar.Workday {
		t.Errorf("spans are %+v", spans)
	}
}
