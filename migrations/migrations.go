// Package migrations carries the schema as SQL, forward only, and what it makes as text.
package migrations

import (
	"embed"
	"io/fs"
)

//go:embed *.sql sandbox/*.sql
var files embed.FS

// Main is the product's schema; Sandbox is what only the simulated WeChat keeps.
var Main, Sandbox = sub("."), sub("sandbox")

// Schema is what the migrations make, a fact a line; a test keeps it true and verify compares.
//
//go:embed schema.txt
var Schema string

func sub(dir string) fs.FS {
	f, err := fs.Sub(files, dir)
	if err != nil {
		panic(err) // only an invalid name fails, and ours are fixed
	}
	return f
}
