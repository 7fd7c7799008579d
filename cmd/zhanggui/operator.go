package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"zhanggui/internal/access"
	"zhanggui/internal/audit"
	"zhanggui/internal/clock"
	"zhanggui/internal/db"
	"zhanggui/internal/fault"
	"zhanggui/internal/identity"
	"zhanggui/internal/signal"
	"zhanggui/internal/vault"
	"zhanggui/internal/words"
)

// runOperator makes operators, and lets the machine's owner help where nobody else can: the first
// operator of all, and the last one who lost a phone.
func runOperator(ctx context.Context, p program, args []string) error {
	if len(args) == 0 {
		return errUsage
	}
	act, known := map[string]func(context.Context, operatorTool, []string) error{
		"add": addOperator, "reset": resetOperator, "suspend": suspendOperator, "resume": resumeOperator, "list": listOperators, "rollout": operatorRollout,
	}[args[0]]
	if !known {
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
	t, err := newOperatorTool(ctx, p, d.DB)
	if err != nil {
		return err
	}
	return t.told(ctx, act(ctx, t, args[1:]))
}

// operatorTool is what the command works with: the right of the machine's owner, and identity's verbs.
type operatorTool struct {
	out   io.Writer
	db    *db.DB
	gate  *identity.Gate
	owner access.Platform
	now   clock.Clock
}

func newOperatorTool(ctx context.Context, p program, d *db.DB) (operatorTool, error) {
	v, err := p.settings.vault()
	if err != nil {
		return operatorTool{}, err
	}
	now, err := businessClock(ctx, d, p.settings.DatabaseURL == "")
	if err != nil {
		return operatorTool{}, err
	}
	owner, err := access.Across(access.Job(access.PlatformID, access.System))
	return operatorTool{out: p.out, db: d, owner: owner, now: now, gate: identity.New(identity.Parts{DB: d, Clock: now, Vault: v, Hub: signal.NewHub()})}, err
}

// vault opens the master key: a demo's own where there is one, also over a database of somebody else's.
func (s settings) vault() (*vault.Vault, error) {
	key, err := s.masterKey()
	if s.DatabaseURL == "" || hasDemoKey(s) {
		key, err = demoKey(s)
	}
	if err != nil {
		return nil, err
	}
	return vault.Open(key)
}

// told says a refusal in the catalogue's words.
func (t operatorTool) told(ctx context.Context, err error) error {
	refusals := fault.All(err)
	if len(refusals) == 0 {
		return err
	}
	texts := make([]string, len(refusals))
	for i, r := range refusals {
		texts[i] = words.F(ctx, "fault."+r.Code, r.Args)
	}
	return errors.New(strings.Join(texts, "\n"))
}

// addOperator takes NAME and who it is for, in any order.
func addOperator(ctx context.Context, t operatorTool, args []string) error {
	var n identity.NewOperator
	var role, paper string
	flags := flag.NewFlagSet("operator add", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&role, "role", "", "admin, reviewer, service or readonly")
	flags.StringVar(&n.Person.Name, "name", "", "real name")
	flags.StringVar(&paper, "id-type", string(identity.IDCard), "id_card, hk_macao_permit, taiwan_permit or passport")
	flags.StringVar(&n.Person.IDNumber, "id", "", "number of the paper")
	flags.StringVar(&n.Mobile, "mobile", "", "telephone number")
	var err error
	if n.Login, err = oneName(flags, args); err != nil {
		return err
	}
	n.Role, n.Person.IDType = access.Role(role), identity.IDType(paper)
	return t.db.InTx(ctx, func(tx db.Tx) error {
		o, password, err := t.gate.AddOperator(ctx, tx, t.owner, n)
		if err != nil {
			return err
		}
		return t.tellPassword(ctx, o, password)
	})
}

// oneName reads the flags around the one plain word.
func oneName(flags *flag.FlagSet, args []string) (name string, err error) {
	for len(args) > 0 {
		if err := flags.Parse(args); err != nil {
			return "", errUsage
		}
		if args = flags.Args(); len(args) == 0 {
			break
		}
		if name != "" {
			return "", errUsage
		}
		name, args = args[0], args[1:]
	}
	if name == "" {
		return "", errUsage
	}
	return strings.TrimSuffix(name, "@ops"), nil
}

// tellPassword prints what is shown once.
func (t operatorTool) tellPassword(ctx context.Context, o identity.Operator, password string) error {
	_, err := fmt.Fprintln(t.out, words.F(ctx, "ops.command.password", words.Args{"Login": o.Login(), "Password": password}))
	return err
}

func resetOperator(ctx context.Context, t operatorTool, args []string) error {
	return t.change(ctx, args, "operator.reset", func(tx db.Tx, name string) error {
		o, password, err := t.gate.ResetOperator(ctx, tx, t.owner, name)
		if err != nil {
			return err
		}
		return t.tellPassword(ctx, o, password)
	})
}

func suspendOperator(ctx context.Context, t operatorTool, args []string) error {
	return t.change(ctx, args, "operator.suspend", func(tx db.Tx, name string) error {
		o, err := t.gate.SuspendOperator(ctx, tx, t.owner, name)
		if err != nil {
			return err
		}
		return t.line(o)
	})
}

func resumeOperator(ctx context.Context, t operatorTool, args []string) error {
	return t.change(ctx, args, "operator.resume", func(tx db.Tx, name string) error {
		o, err := t.gate.ResumeOperator(ctx, tx, t.owner, name)
		if err != nil {
			return err
		}
		return t.line(o)
	})
}

// change does something to an existing operator, and writes that the machine's owner did it.
func (t operatorTool) change(ctx context.Context, args []string, action string, verb func(tx db.Tx, name string) error) error {
	flags := flag.NewFlagSet(action, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	name, err := oneName(flags, args)
	if err != nil {
		return err
	}
	return t.db.InTx(ctx, func(tx db.Tx) error {
		if err := verb(tx, name); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Merchant: access.PlatformID, Actor: t.owner.Actor().Name, Action: action,
			Object: name + "@ops", Outcome: audit.Done, At: t.now.Now()})
	})
}

func (t operatorTool) line(o identity.Operator) error {
	_, err := fmt.Fprintf(t.out, "%-18s %-9s %-8s %s\n", o.Login(), o.Role, o.State(), clock.Text(o.CreatedAt))
	return err
}

func listOperators(ctx context.Context, t operatorTool, args []string) error {
	if len(args) > 0 {
		return errUsage
	}
	all, _, err := t.gate.Operators(ctx, t.db.PG(), t.owner, identity.OperatorFilter{Limit: identity.MembersMax})
	for _, o := range all {
		err = errors.Join(err, t.line(o))
	}
	return err
}
