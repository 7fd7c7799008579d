// Command cluster keeps one PostgreSQL for a whole test run.
//
//	cluster go test ./...   runs the command with ZHANGGUI_TEST_DSN set, then stops the server
//	cluster                 prints the address and stops the server when its input ends or on a signal
//
// The server's data lives in the temp folder and is removed at the end. The exit code is the command's.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"zhanggui/internal/postgres"
)

func main() {
	code, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "cluster:", err)
		code = max(code, 1)
	}
	os.Exit(code)
}

func run(command []string) (code int, err error) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	folder, err := os.MkdirTemp("", "zhanggui-cluster-")
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	o, err := postgres.FromEnv()
	if err = errors.Join(err, os.Chmod(folder, 0o711)); err != nil {
		return 1, err
	}
	o.Dir, o.Fast, o.RequireOwner = folder, true, true
	c, err := postgres.Open(context.Background(), o)
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, c.Close(context.Background())) }()
	dsn := c.DSN(postgres.Owner)
	if len(command) == 0 {
		fmt.Println(dsn)
		return wait(c, signals)
	}
	return runCommand(command, dsn, signals)
}

func wait(c *postgres.Cluster, signals <-chan os.Signal) (int, error) {
	ended := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // its end is what counts
		close(ended)
	}()
	select {
	case <-c.Done():
		return 1, c.Err()
	case <-signals:
	case <-ended:
	}
	return 0, nil
}

// runCommand passes signals on: the server must outlive the command.
func runCommand(command []string, dsn string, signals <-chan os.Signal) (int, error) {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Env = append(os.Environ(), "ZHANGGUI_TEST_DSN="+dsn)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		return 1, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case s := <-signals:
			_ = cmd.Process.Signal(s) // it may have ended
		case err := <-ended:
			var failed *exec.ExitError
			if errors.As(err, &failed) {
				return max(failed.ExitCode(), 1), nil
			}
			return 0, err
		}
	}
}
