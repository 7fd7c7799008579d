package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/settlement"
	"zhanggui/internal/trade"
	"zhanggui/internal/words"
)

// runImport books a trade bill from a file on this machine.
func runImport(ctx context.Context, p program, args []string) error {
	path, mchid, err := importArgs(args)
	if err != nil {
		return err
	}
	d, err := openDatabase(ctx, p.settings, false)
	if err != nil {
		return err
	}
	defer d.close(ctx)
	if err := d.connect(ctx); err != nil {
		return err
	}
	now, err := businessClock(ctx, d.DB, p.settings.DatabaseURL == "")
	if err != nil {
		return err
	}
	return importFile(ctx, p.out, imports(d.DB, now), path, mchid)
}

// importArgs takes FILE and --mchid in either order.
func importArgs(args []string) (path string, mchid int64, err error) {
	if len(args) == 0 || args[0] != "tradebill" {
		return "", 0, errUsage
	}
	flags := flag.NewFlagSet("import tradebill", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Int64Var(&mchid, "mchid", 0, "the merchant whose bill it is")
	rest := args[1:]
	for len(rest) > 0 {
		if err := flags.Parse(rest); err != nil {
			return "", 0, errUsage
		}
		if rest = flags.Args(); len(rest) == 0 {
			break
		}
		if path != "" {
			return "", 0, errUsage
		}
		path, rest = rest[0], rest[1:]
	}
	if path == "" || mchid == 0 {
		return "", 0, errUsage
	}
	return path, mchid, nil
}

// businessClock is the shared clock of the sandbox, or real time.
func businessClock(ctx context.Context, d *db.DB, sandbox bool) (clock.Clock, error) {
	if !sandbox {
		return clock.System{}, nil
	}
	return db.NewClock(ctx, d)
}

// imports are the trades that are told of by bills, and who settles them.
func imports(d *db.DB, c clock.Clock) trade.Deps {
	return trade.Deps{DB: d, Clock: c, Due: settlement.Schedule}
}

func importFile(ctx context.Context, out io.Writer, d trade.Deps, path string, mchid int64) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is no file", path)
	}
	if err != nil {
		return err
	}
	scope := access.Job(mchid, access.Actor{Name: "system"})
	i, err := trade.ImportFile(ctx, d, scope, trade.File{Name: filepath.Base(path), Size: info.Size(), Body: f}, nil)
	if fault.Is(err, "trade.file_refused") {
		for _, line := range i.Report.Faults {
			fmt.Fprintln(out, words.F(ctx, "fault."+line.Code, line.Refusal().Args))
		}
		return errors.New("nothing was stored")
	}
	if errors.Is(err, fault.ErrNotFound) {
		return fmt.Errorf("there is no merchant %d", mchid)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%d rows: %d new orders, %d known; %d new refunds, %d known; %d stub orders\n",
		i.Report.Rows, i.Report.NewTrades, i.Report.KnownTrades, i.Report.NewRefunds, i.Report.KnownRefunds, i.Report.Stubs)
	return err
}
