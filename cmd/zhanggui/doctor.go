package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"

	"zhanggui/internal/db"
	"zhanggui/internal/postgres"
	"zhanggui/static"
)

var errUnwell = errors.New("something is missing for this machine to run the program")

// runDoctor explains every setting and checks what the program needs.
func runDoctor(ctx context.Context, p program, args []string) error {
	if len(args) > 0 {
		return errUsage
	}
	explain(p.out, p.settings)
	well := true
	for _, c := range []struct {
		name string
		run  func(context.Context, settings) error
	}{
		{"pages' stylesheet and scripts are built", assetsBuilt},
		{"PostgreSQL can be reached or started", databaseThere},
		{"settings are fit for serve", func(_ context.Context, s settings) error { return errors.Join(p.unread, s.production()) }},
	} {
		err := c.run(ctx, p.settings)
		word := "ok"
		if err != nil {
			word = "no: " + err.Error()
		}
		if c.name != "settings are fit for serve" { // the demo needs none of them
			well = well && err == nil
		}
		fmt.Fprintf(p.out, "%-42s %s\n", c.name, word)
	}
	if !well {
		return errUnwell
	}
	return nil
}

// explain prints each setting: its name, its value unless secret, what it is for.
func explain(w io.Writer, s settings) {
	v, t := reflect.ValueOf(s), reflect.TypeFor[settings]()
	for i := range t.NumField() {
		f := t.Field(i)
		value := fmt.Sprint(v.Field(i).Interface())
		switch {
		case v.Field(i).IsZero() && f.Tag.Get("envDefault") == "":
			value = "(not set)"
		case f.Tag.Get("secret") == "yes":
			value = "(set)"
		}
		fmt.Fprintf(w, "%-27s %-24s %s\n", f.Tag.Get("env"), value, f.Tag.Get("about"))
	}
	fmt.Fprintln(w)
	for _, l := range limits() {
		fmt.Fprintf(w, "%-52s %v\n", l.about, l.value)
	}
	fmt.Fprintln(w)
}

func assetsBuilt(context.Context, settings) error { return static.Check() }

func databaseThere(ctx context.Context, s settings) error {
	if s.DatabaseURL == "" {
		return postgres.Check(postgres.Options{Dir: s.Data, Bin: s.PGBin})
	}
	d, err := db.Open(ctx, s.DatabaseURL, db.Options{Role: "none", MaxConns: 1})
	if err != nil {
		return err
	}
	defer d.Close()
	drift, err := db.Drift(ctx, d.PG())
	if err == nil && len(drift) > 0 {
		err = fmt.Errorf("schema differs in %d places: run `zhanggui migrate`, then `zhanggui verify`", len(drift))
	}
	return err
}
