package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// Time-outs of every listener. Handlers that stream clear the write deadline themselves.
const (
	headerMax   = 5 * time.Second
	readMax     = 2 * time.Minute // a 64 MiB bill over a slow line
	writeMax    = 2 * time.Minute
	idleMax     = 2 * time.Minute
	headerBytes = 32 << 10
	stopMax     = 10 * time.Second
)

func newServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: headerMax, ReadTimeout: readMax, WriteTimeout: writeMax,
		IdleTimeout: idleMax, MaxHeaderBytes: headerBytes,
		ErrorLog: slog.NewLogLogger(slog.Default().Handler(), slog.LevelDebug),
	}
}

// listen opens the address, with TLS where a certificate is given.
func listen(ctx context.Context, address, certFile, keyFile string) (net.Listener, error) {
	var cfg net.ListenConfig
	l, err := cfg.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", address, err)
	}
	if certFile == "" {
		return l, nil
	}
	cert, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		_ = l.Close()
		return nil, fmt.Errorf("certificate: %w", err)
	}
	return tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12,
		NextProtos: []string{"h2", "http/1.1"}}), nil
}

// serveUntil answers until ctx ends or the database dies, then lets requests finish for a bounded time.
func serveUntil(ctx context.Context, s *http.Server, l net.Listener, died <-chan struct{}) error {
	failed := make(chan error, 1)
	go func() { failed <- s.Serve(l) }()
	var cause error
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-died:
		cause = errors.New("the private PostgreSQL ended")
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopMax)
	defer cancel()
	if err := s.Shutdown(stop); err != nil {
		_ = s.Close()
	}
	return cause
}
