package audit

import (
	"testing"
	"time"

	"zhanggui/internal/clock"
	"zhanggui/internal/dbtest"
)

// BenchmarkSeal measures how many rows one sealer seals in a second, of one merchant and of a thousand,
// and how many Verifier looks at.
func BenchmarkSeal(b *testing.B) {
	const rows = 20_000
	for name, merchants := range map[string]int{"one merchant": 1, "a thousand": 1000} {
		b.Run(name, func(b *testing.B) {
			var sealing, verifying time.Duration
			for b.Loop() {
				dsn := dbtest.DSN(b)
				d, owner := dbtest.Open(b, dsn), dbtest.Owner(b, dsn)
				ids := make([]int64, merchants)
				for i := range ids {
					ids[i] = 1_000_000_000 + int64(i)
				}
				fill(b, owner, ids, rows)
				began := clock.Wall()
				seals(b, sealerOf(b, d), rows)
				sealed := clock.Wall()
				sound(b, d, rows)
				sealing, verifying = sealing+sealed.Sub(began), verifying+clock.Wall().Sub(sealed)
			}
			b.ReportMetric(float64(rows*b.N)/sealing.Seconds(), "sealed/s")
			b.ReportMetric(float64(rows*b.N)/verifying.Seconds(), "verified/s")
		})
	}
}
