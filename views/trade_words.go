package views

import (
	"context"
	"strings"
	"time"

	"github.com/a-h/templ"

	"zhanggui/internal/clock"
	"zhanggui/internal/fault"
	"zhanggui/internal/money"
	"zhanggui/internal/trade"
	"zhanggui/internal/words"
	"zhanggui/views/ui"
)

// nothing stands where there is no value.
const nothing = "—"

// tradeColours gives each state of an order its colour; a state nobody knows stays grey.
var tradeColours = map[string]ui.State{
	"SUCCESS": ui.Done,
	"REFUND":  ui.Moving,
}

// refundColours does the same for refunds.
var refundColours = map[string]ui.State{
	"SUCCESS":    ui.Done,
	"PROCESSING": ui.Moving,
	"CHANGE":     ui.Failed,
	"ABNORMAL":   ui.Failed,
}

// known says a code in words when the catalogue knows it, else the code itself: bills bring codes
// that no list has.
func known(ctx context.Context, prefix, code string) string {
	if code == "" {
		return nothing
	}
	if word, ok := words.Find(ctx, prefix+code); ok {
		return word
	}
	return code
}

// TradeState says an order's state.
func TradeState(ctx context.Context, code string) string { return known(ctx, "trade.state.", code) }

// tradeTag is the state of an order; of a stub nothing is known but that it was refunded.
func tradeTag(ctx context.Context, state string, stub bool) templ.Component {
	if stub {
		return ui.Tag(ui.Needs, TradeState(ctx, trade.StubState))
	}
	return ui.Tag(tradeColours[state], TradeState(ctx, state))
}

// TradeType says by what product an order was paid.
func TradeType(ctx context.Context, code string) string { return known(ctx, "trade.type.", code) }

// RefundState says a refund's state.
func RefundState(ctx context.Context, code string) string {
	return known(ctx, "trade.refund_state.", code)
}

// PayerBank says what an order was paid from: bank and kind of card.
func PayerBank(ctx context.Context, code string) string {
	if bank, card, split := strings.Cut(code, "_"); split {
		bankWord, bankKnown := words.Find(ctx, "trades.bank."+bank)
		cardWord, cardKnown := words.Find(ctx, "trades.card."+card)
		if bankKnown && cardKnown {
			return bankWord + cardWord
		}
	}
	return known(ctx, "trades.bank.", code)
}

// MaskPayer shows the ends of an openid.
func MaskPayer(openid string) string {
	const ends = 4
	if len(openid) <= 2*ends {
		return orNothing(strings.Repeat("*", len(openid)))
	}
	return openid[:ends] + "****" + openid[len(openid)-ends:]
}

func orNothing(text string) string {
	if text == "" {
		return nothing
	}
	return text
}

// moment is a time as people read it; none is a dash.
func moment(t time.Time) string {
	if t.IsZero() {
		return nothing
	}
	return clock.Text(t)
}

// momentOr is a moment that may not have come.
func momentOr(t *time.Time, otherwise string) string {
	if t == nil {
		return otherwise
	}
	return moment(*t)
}

// yuan is an amount with its unit.
func yuan(ctx context.Context, f money.Fen) string {
	return words.F(ctx, "trades.yuan", words.Args{"Amount": f.String()})
}

// refusal says why something was refused.
func refusal(ctx context.Context, r *fault.Refusal) string {
	return r.Say(ctx)
}

// refused finds what is said beside a field: the first refusal that names it.
func refused(ctx context.Context, all []*fault.Refusal, fields ...string) string {
	for _, r := range all {
		for _, field := range fields {
			if r.Field == field {
				return refusal(ctx, r)
			}
		}
	}
	return ""
}
