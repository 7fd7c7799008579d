// Command zhanggui is the merchant portal: one binary for the demo, for production and for the
// commands of whoever runs it. This package alone knows all parts and puts them together.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
)

// command is one word after the program's name.
type command struct {
	name, usage, about string
	run                func(ctx context.Context, p program, args []string) error
}

// program is what every command gets: its settings and where it may write.
type program struct {
	settings settings
	unread   error // what is in the environment and cannot be read; only serve and doctor go on with it
	out      io.Writer
}

func commands() []command {
	return []command{
		{"demo", "demo", "run everything on this machine with a simulated WeChat", runDemo},
		{"serve", "serve", "run in production; refuses to start with missing or weak settings", runServe},
		{"migrate", "migrate", "bring the database schema up to date", runMigrate},
		{"verify", "verify [--json]", "check what is stored; exit 1 names every breach", runVerify},
		{"routes", "routes [--json]", "list every route with its policy", runRoutes},
		{"doctor", "doctor", "explain the settings and check this machine", runDoctor},
		{"import", "import tradebill FILE --mchid N", "book an official trade bill", runImport},
		{"operator", "operator add NAME --role R --name N --id-type T --id N --mobile N | reset|suspend|resume NAME | list | rollout " + rolloutUsage,
			"make and help those who run the platform", runOperator},
	}
}

// errUsage ends with the usage and exit code 2.
var errUsage = errors.New("usage")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

func run(ctx context.Context, args []string, out, errs io.Writer) int {
	cmd, ok := find(args)
	if !ok {
		usage(errs)
		return 2
	}
	s, unread := loadSettings()
	if unread != nil && !cmd.tellsSettings() {
		fmt.Fprintln(errs, "zhanggui:", unread)
		return 2
	}
	slog.SetDefault(slog.New(slog.NewTextHandler(errs, &slog.HandlerOptions{Level: s.LogLevel})))
	switch err := cmd.run(ctx, program{settings: s, unread: unread, out: out}, args[1:]); {
	case err == nil:
		return 0
	case errors.Is(err, errUsage):
		fmt.Fprintln(errs, "usage: zhanggui", cmd.usage)
		return 2
	default:
		fmt.Fprintln(errs, "zhanggui "+cmd.name+":", err)
		return 1
	}
}

// tellsSettings tells that the command itself lists what is wrong with the settings.
func (c command) tellsSettings() bool { return c.name == "serve" || c.name == "doctor" }

func find(args []string) (command, bool) {
	if len(args) == 0 {
		return command{}, false
	}
	for _, c := range commands() {
		if c.name == args[0] {
			return c, true
		}
	}
	return command{}, false
}

func usage(w io.Writer) {
	fmt.Fprintln(w, "zhanggui is a merchant portal over a double-entry ledger.")
	for _, c := range commands() {
		fmt.Fprintf(w, "  zhanggui %-34s %s\n", c.usage, c.about)
	}
}
