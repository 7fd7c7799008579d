package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"

	"zhanggui/internal/access"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/ledger"
	"zhanggui/internal/merchant"
	"zhanggui/internal/postgres"
	"zhanggui/internal/trade"
	"zhanggui/internal/vault"
)

// importMerchant owns the imported orders, in a database of its own.
const importMerchant = 1_900_000_901

// Sizes of the files: near the largest the product takes (64 MiB), so that each side runs for seconds, and a tenth
// of it, to see whether memory grows with the file.
const (
	importRows      = 200_000
	importRowsSmall = importRows / 10
	refundEvery     = 50
	importWant      = 0.3
	growthMaxKiB    = 16 << 10
)

// importBench holds what both sides work on.
type importBench struct {
	world *world
	dsn   string
	app   *db.DB // as the program
	file  string
	rows  []copied // what the last import wrote
}

// copied is one table's new rows in COPY's own text.
type copied struct {
	table string
	text  []byte
}

// measureImport compares the importer with PostgreSQL's own COPY of the very rows it wrote, into tables
// of the same keys, indexes and checks.
func measureImport(ctx context.Context, w *world) (section, error) {
	b := &importBench{world: w, file: filepath.Join(w.folder, "bill.csv")}
	if err := b.open(ctx); err != nil {
		return section{}, err
	}
	defer b.close()
	d := duel{name: "import ÷ COPY", unit: "rows/s", ours: b.importFile, limit: b.copyRows,
		ourName: "importer", other: "COPY of the same rows", needsDisk: true, fixed: true}
	rounds, err := d.fight(ctx, w)
	if err != nil {
		return section{}, err
	}
	small, large, err := b.memory(ctx)
	if err != nil {
		return section{}, err
	}
	r := ratios(rounds)
	return section{
		Title: "Importing trade bills",
		Goals: []goal{
			{"import of a trade bill ÷ COPY of the same rows", fmt.Sprintf("≥ %.1f", importWant),
				fmt.Sprintf("%.2f [%.2f–%.2f]", r.Median, r.Min, r.Max), r.Median >= importWant},
			{"memory of an import, 200,000 rows against 20,000", "flat", fmt.Sprintf("%d MiB against %d MiB", large>>10, small>>10),
				large-small <= growthMaxKiB},
		},
		Text: []string{fmt.Sprintf("Each repetition imports a new file of %d rows, one in %d a refund, as the command and the upload page do: "+
			"parsed, checked against the file's own summary, booked with its daily figures, its money moved in the ledger, audited, in one transaction. "+
			"COPY then writes the same rows of all four tables (orders, refunds, transfers, entries) into empty ones with the same keys, indexes and checks. "+
			"Memory is the largest that `zhanggui import tradebill` held, as the kernel counted it.", importRows, refundEvery)},
		Duels: []fought{{d, rounds}},
	}, nil
}

func (b *importBench) open(ctx context.Context) error {
	w := b.world
	if _, err := w.asSuper(ctx, "CREATE DATABASE bench_import OWNER "+postgres.Owner); err != nil {
		return err
	}
	b.dsn = w.dsn("bench_import")
	if err := db.Migrate(ctx, b.dsn, false); err != nil {
		return err
	}
	var err error
	if b.app, err = db.Open(ctx, b.dsn, db.Options{}); err != nil {
		return err
	}
	v, err := vault.Open(bytes.Repeat([]byte{7}, vault.KeySize))
	if err != nil {
		return err
	}
	return b.app.InTx(ctx, func(tx db.Tx) error {
		err := merchant.Create(ctx, tx, v, merchant.New{ID: importMerchant, Kind: merchant.Direct, LegalName: "量衡百货有限公司",
			ShortName: "量衡百货", Cycle: "T+1", System: "upgraded", FeeRate: 60, SettlementBank: "招商银行",
			SettlementAccount: "6225880000000901", AppID: "wx0000000000000901"}, clock.Wall())
		if err != nil {
			return err
		}
		return ledger.OpenBooks(ctx, tx, importMerchant, merchant.Upgraded, clock.Wall())
	})
}

func (b *importBench) close() {
	if b.app != nil {
		b.app.Close()
	}
}

// importFile is our side: one new file, from its first byte to the commit.
func (b *importBench) importFile(ctx context.Context, i int) (float64, error) {
	if err := writeBill(b.file, i, importRows); err != nil {
		return 0, err
	}
	file, err := os.Open(b.file)
	if err != nil {
		return 0, err
	}
	defer func() { _ = file.Close() }()
	st, err := file.Stat()
	if err != nil {
		return 0, err
	}
	began := time.Now()
	done, err := trade.ImportFile(ctx, trade.Deps{DB: b.app, Clock: clock.System{}}, access.Job(importMerchant, access.System),
		trade.File{Name: filepath.Base(b.file), Size: st.Size(), Body: file}, nil)
	took := time.Since(began)
	if err != nil {
		return 0, fmt.Errorf("%w: %+v", err, done.Report.Faults)
	}
	if got := done.NewTrades + done.NewRefunds; got != importRows {
		return 0, fmt.Errorf("%d of %d rows were booked", got, importRows)
	}
	if err := atLeast(took); err != nil {
		return 0, err
	}
	return importRows / took.Seconds(), b.remember(ctx, done)
}

// remember reads back what the import wrote.
func (b *importBench) remember(ctx context.Context, i trade.Import) error {
	b.rows = nil
	for table, which := range map[string]string{
		"trades": "import_id = '%[3]s'", "bill_refunds": "import_id = '%[3]s'",
		"transfers": "booked_at = (SELECT recorded_at FROM trades WHERE merchant_id = %[2]d AND import_id = '%[3]s' LIMIT 1)",
		"entries":   "booked_at = (SELECT recorded_at FROM trades WHERE merchant_id = %[2]d AND import_id = '%[3]s' LIMIT 1)",
	} {
		c := copied{table: table}
		err := b.raw(ctx, func(conn *pgx.Conn) error {
			var text bytes.Buffer
			_, err := conn.PgConn().CopyTo(ctx, &text, fmt.Sprintf(
				"COPY (SELECT * FROM %[1]s WHERE merchant_id = %[2]d AND "+which+") TO STDOUT", table, importMerchant, i.ID))
			c.text = text.Bytes()
			return err
		})
		if err != nil {
			return err
		}
		b.rows = append(b.rows, c)
	}
	return nil
}

// copyRows is the limit: the same rows through COPY, as fast as PostgreSQL takes them, into new tables
// until it has run long enough.
func (b *importBench) copyRows(ctx context.Context, _ int) (float64, error) {
	var rows int64
	var took time.Duration
	err := b.raw(ctx, func(conn *pgx.Conn) error {
		for took < sideMin {
			for _, c := range b.rows {
				sql := fmt.Sprintf("DROP TABLE IF EXISTS copy_%s; CREATE TABLE copy_%[1]s (LIKE %[1]s INCLUDING ALL)", c.table)
				if _, err := conn.PgConn().Exec(ctx, sql).ReadAll(); err != nil {
					return err
				}
			}
			began := time.Now()
			for _, c := range b.rows {
				if _, err := conn.PgConn().CopyFrom(ctx, bytes.NewReader(c.text), "COPY copy_"+c.table+" FROM STDIN"); err != nil {
					return err
				}
			}
			rows += importRows
			took += time.Since(began)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return float64(rows) / took.Seconds(), nil
}

func (b *importBench) raw(ctx context.Context, f func(conn *pgx.Conn) error) error {
	conn, err := pgx.Connect(ctx, b.dsn)
	if err != nil {
		return err
	}
	return errors.Join(f(conn), conn.Close(ctx))
}

// atLeast refuses a side that ran too short to say anything.
func atLeast(took time.Duration) error {
	if took < sideMin {
		return fmt.Errorf("a side ran only %s, less than %s: make it do more", took.Round(time.Millisecond), sideMin)
	}
	return nil
}

// memory runs the command itself on a small and a large file, and asks the kernel what it held at most.
func (b *importBench) memory(ctx context.Context) (smallKiB, largeKiB int64, err error) {
	held := map[int]int64{}
	for i, rows := range []int{importRowsSmall, importRows} {
		if err := writeBill(b.file, 900+i, rows); err != nil {
			return 0, 0, err
		}
		cmd := exec.CommandContext(ctx, programPath, "import", "tradebill", b.file, "--mchid", fmt.Sprint(importMerchant))
		cmd.Env = append(os.Environ(), "DATABASE_URL="+b.dsn)
		cmd.Stdout, cmd.Stderr = io.Discard, os.Stderr
		if held[rows], err = peak(cmd); err != nil {
			return 0, 0, fmt.Errorf("import command: %w", err)
		}
		fmt.Printf("import of %d rows held at most %d MiB\n", rows, held[rows]>>10)
	}
	return held[importRowsSmall], held[importRows], nil
}

// peak runs a command to its end and tells the most memory it held. What the kernel says at the end
// would count the bench's own, from the moment of the fork.
func peak(cmd *exec.Cmd) (kib int64, err error) {
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-ended:
			return kib, err
		case <-tick.C:
			if now, err := statusKiB(cmd.Process.Pid, "VmHWM"); err == nil {
				kib = max(kib, now)
			}
		}
	}
}
