package money

import "strings"

// The figures and units in which amounts are written so that nobody changes them afterwards.
var (
	capitalDigits = []string{"零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"}
	capitalPlaces = []string{"", "拾", "佰", "仟"}
	capitalGroups = []string{"", "万", "亿", "万亿"}
)

// Capital writes an amount in Chinese capital figures, as the rules for payment papers want it:
// 壹万零伍拾元整, 叁元零伍分. Negative amounts begin with 负.
func (f Fen) Capital() string {
	if f < 0 {
		return "负" + (-f).Capital()
	}
	yuan, jiao, fen := int64(f/100), int64(f/10%10), int64(f%10)
	var b strings.Builder
	if yuan > 0 {
		b.WriteString(capitalWhole(yuan) + "元")
	}
	switch {
	case jiao == 0 && fen == 0:
		if yuan == 0 {
			b.WriteString("零元")
		}
		b.WriteString("整")
		return b.String()
	case jiao > 0:
		if yuan > 0 && yuan%10 == 0 {
			b.WriteString("零")
		}
		b.WriteString(capitalDigits[jiao] + "角")
	case yuan > 0:
		b.WriteString("零")
	}
	if fen > 0 {
		b.WriteString(capitalDigits[fen] + "分")
	} else {
		b.WriteString("整")
	}
	return b.String()
}

// capitalWhole writes whole yuan, four digits a group.
func capitalWhole(n int64) string {
	var groups []int64
	for ; n > 0; n /= 10_000 {
		groups = append(groups, n%10_000)
	}
	var b strings.Builder
	gap := false // a whole group of zeros was left out
	for i := len(groups) - 1; i >= 0; i-- {
		if groups[i] == 0 {
			gap = gap || b.Len() > 0
			continue
		}
		if b.Len() > 0 && (gap || groups[i] < 1000) {
			b.WriteString("零")
		}
		b.WriteString(capitalGroup(groups[i]) + capitalGroups[i])
		gap = false
	}
	return b.String()
}

// capitalGroup writes one to four digits.
func capitalGroup(n int64) string {
	var b strings.Builder
	gap := false
	for place, unit := len(capitalPlaces)-1, int64(1000); place >= 0; place, unit = place-1, unit/10 {
		d := n / unit % 10
		if d == 0 {
			gap = gap || b.Len() > 0
			continue
		}
		if gap {
			b.WriteString(capitalDigits[0])
			gap = false
		}
		b.WriteString(capitalDigits[d] + capitalPlaces[place])
	}
	return b.String()
}
