package bill

import "strings"

// separator stands between fields; the back-tick keeps spreadsheets from reading numbers. Fields
// may hold commas, quotes and back-ticks of their own, only not this pair.
const separator = ",`"

// splitFields cuts a row at the separators, reusing into. The caller has seen the leading back-tick.
func splitFields(line string, into []string) []string {
	into = into[:0]
	rest := line[1:]
	for {
		i := strings.Index(rest, separator)
		if i < 0 {
			return append(into, rest)
		}
		into = append(into, rest[:i])
		rest = rest[i+len(separator):]
	}
}

// mend gives back the width where merchant data itself held the separator: the only free text that
// programs fill, so what is too much between the goods name and the columns after it belongs there.
func (h *header) mend(fields []string) []string {
	extra := len(fields) - h.width
	at := h.at[colAttach]
	if extra <= 0 || at < 0 {
		return fields
	}
	fields[at] = strings.Join(fields[at:at+extra+1], separator)
	return append(fields[:at+1], fields[at+extra+1:]...)
}

// tidy makes a field's text fit a bill: what would break rows or columns is written differently.
func tidy(text string) string {
	if !strings.ContainsAny(text, "\x01\r\n`\x00") {
		return text
	}
	return tidier.Replace(text)
}

var tidier = strings.NewReplacer("\x01", " ", "\x00", "", "\r", `\r`, "\n", `\n`, separator, ", `")
