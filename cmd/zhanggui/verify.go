package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"zhanggui/internal/audit"
	"zhanggui/internal/confirm"
	"zhanggui/internal/db"
	"zhanggui/internal/operations"
	"zhanggui/internal/platform"
	"zhanggui/internal/settlement"
	"zhanggui/internal/signal"
	"zhanggui/internal/topup"
	"zhanggui/internal/trade"
	"zhanggui/internal/transfer"
	"zhanggui/internal/upgrade"
	"zhanggui/internal/withdrawal"
)

// check is one thing verify looks at.
type check struct {
	Name     string   `json:"name"`
	OK       bool     `json:"ok"`
	Checked  int64    `json:"checked"`
	Problems []string `json:"problems"`
}

type report struct {
	OK     bool    `json:"ok"`
	Checks []check `json:"checks"`
}

var errBroken = errors.New("something stored is not as it must be")

func runVerify(ctx context.Context, p program, args []string) error {
	asJSON := len(args) == 1 && args[0] == "--json"
	if len(args) > 1 || (len(args) == 1 && !asJSON) {
		return errUsage
	}
	d, err := openDatabase(ctx, p.settings, false)
	if err != nil {
		return err
	}
	defer d.close(ctx)
	if err := d.connect(ctx); err != nil {
		return err
	}
	r, err := verify(ctx, d.DB, p.settings)
	if err != nil {
		return err
	}
	if err := r.write(p.out, asJSON); err != nil {
		return err
	}
	if !r.OK {
		return errBroken
	}
	return nil
}

// inspect is how a part checks what it stored: how much it looked at, and what is wrong.
type inspect func(context.Context, db.Querier) (int64, []string, error)

// checks are what a verification looks at, by command or as the platform's daily work.
func checks(d *db.DB, log, books inspect) []platform.Check {
	return []platform.Check{{Name: "schema", Run: schemaDrift}, {Name: "audit", Run: log}, {Name: "books", Run: books},
		{Name: "trades", Run: sweeping(d, trade.Verify)}, {Name: "settlement", Run: sweeping(d, settlement.Verify)},
		{Name: "topups", Run: sweeping(d, topup.Verify)}, {Name: "moves", Run: sweeping(d, operations.Verify)}, {Name: "upgrades", Run: sweeping(d, upgrade.Verify)},
		{Name: "payments", Run: sweeping(d, transfer.Verify)}, {Name: "withdrawals", Run: sweeping(d, withdrawal.Verify)},
		{Name: "confirmations", Run: sweeping(d, confirm.Verify)}}
}

// sweeping looks at whole tables as they are at one moment.
func sweeping(d *db.DB, look inspect) inspect {
	return func(ctx context.Context, _ db.Querier) (n int64, problems []string, err error) {
		err = d.Sweep(ctx, func(q db.Querier) error {
			n, problems, err = look(ctx, q)
			return err
		})
		return n, problems, err
	}
}

func verify(ctx context.Context, d *db.DB, s settings) (report, error) {
	r := report{OK: true}
	log, err := sealedLog(ctx, d, s)
	if err != nil {
		return r, err
	}
	key, err := s.platformKey()
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return r, err
	}
	for _, c := range checks(d, log, bookChecks(d, key)) {
		n, problems, err := c.Run(ctx, d.PG())
		if err != nil {
			return r, fmt.Errorf("%s: %w", c.Name, err)
		}
		if problems == nil {
			problems = []string{}
		}
		r.Checks = append(r.Checks, check{Name: c.Name, OK: len(problems) == 0, Checked: n, Problems: problems})
		r.OK = r.OK && len(problems) == 0
	}
	return r, nil
}

// sealedLog checks the audit log under the master key. What a killed process left unsealed is sealed first.
func sealedLog(ctx context.Context, d *db.DB, s settings) (inspect, error) {
	v, err := s.vault()
	if err != nil {
		return nil, err
	}
	sealer := audit.Sealer{DB: d, Vault: v, Hub: signal.NewHub(), Anchor: s.anchor()}
	if _, err := sealer.Seal(ctx); err != nil {
		return nil, fmt.Errorf("seal the audit log: %w", err)
	}
	return audit.Verifier{Vault: v, Anchor: s.anchor()}.Verify, nil
}

func schemaDrift(ctx context.Context, q db.Querier) (int64, []string, error) {
	drift, err := db.Drift(ctx, q)
	return 1, drift, err
}

func (r report) write(w io.Writer, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(r)
	}
	for _, c := range r.Checks {
		word := "ok"
		if !c.OK {
			word = "BROKEN"
		}
		if _, err := fmt.Fprintf(w, "%-8s %-7s %d checked\n", c.Name, word, c.Checked); err != nil {
			return err
		}
		for _, p := range c.Problems {
			if _, err := fmt.Fprintln(w, "  ", p); err != nil {
				return err
			}
		}
	}
	return nil
}
