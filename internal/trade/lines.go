package trade

import "zhanggui/internal/money"

// Line explains what stands between a file's own summary and the books. Its amounts are the file's, with the
// file's signs: the summary less the lines that are apart is what the books have, once everything is settled.
// The other lines are in the books, and a reader should know of them. Words: catalogue id "trade.line." + Kind.
type Line struct {
	Kind       LineKind  `json:"kind"`
	Count      int64     `json:"count"`
	Settlement money.Fen `json:"settlement"`
	Refund     money.Fen `json:"refund"`
	Fee        money.Fen `json:"fee"`
}

// LineKind is why a line is there.
type LineKind string

// The kinds. Those up to LineRepeated are apart.
const (
	LineRevoked  LineKind = "revoked"  // orders that were revoked: what they brought went back
	LineFailed   LineKind = "failed"   // refunds that failed: what they took came back
	LineVoid     LineKind = "void"     // refunds of orders that were revoked: nothing moved
	LineRounding LineKind = "rounding" // fees that are not the rate of what remains of their order
	LineRepeated LineKind = "repeated" // rows that the file itself tells again
	LineWaiting  LineKind = "waiting"  // refunds whose money waits: abnormal, or in a state nobody knows
	LineStub     LineKind = "stub"     // refunds of orders that nobody has told yet
)

// LineKinds lists the kinds in the order pages show them.
func LineKinds() []LineKind {
	return []LineKind{LineRevoked, LineFailed, LineVoid, LineRounding, LineRepeated, LineWaiting, LineStub}
}

// Apart tells whether the books have not what the line says.
func (k LineKind) Apart() bool { return k != LineWaiting && k != LineStub }

// Booked is what the books have of the file once everything is settled, rows told by other files too.
func (p Report) Booked() Line {
	b := Line{Count: p.File.Count, Settlement: p.File.Settlement, Refund: p.File.Refund, Fee: (p.File.Fee + p.FeeDifference).Round()}
	for _, l := range p.Lines {
		if l.Kind.Apart() {
			b.Settlement, b.Refund, b.Fee = b.Settlement-l.Settlement, b.Refund-l.Refund, b.Fee-l.Fee
			b.Count -= l.rows()
		}
	}
	return b
}

// rows is how many rows of the file the line takes away.
func (l Line) rows() int64 {
	if l.Kind == LineRounding {
		return 0
	}
	return l.Count
}
