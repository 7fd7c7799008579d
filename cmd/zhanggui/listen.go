package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
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

// front is a listener with what answers behind it.
type front struct {
	server *http.Server
	l      net.Listener
}

// listen opens the address, with TLS where a configuration is given.
func listen(ctx context.Context, address string, proof *tls.Config) (net.Listener, error) {
	var cfg net.ListenConfig
	l, err := cfg.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", address, err)
	}
	if proof != nil {
		l = tls.NewListener(l, proof)
	}
	return l, nil
}

// portalTLS is the portal's own certificate, nil where a proxy has it.
func (s settings) portalTLS() (*tls.Config, error) {
	if s.TLSCert == "" {
		return nil, nil
	}
	cert, err := tls.LoadX509KeyPair(s.TLSCert, s.TLSKey)
	if err != nil {
		return nil, fmt.Errorf("certificate: %w", err)
	}
	return &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}}, nil
}

// serveUntil answers on every front until ctx ends, one of them fails or the database dies, then lets
// requests finish for a bounded time.
func serveUntil(ctx context.Context, died <-chan struct{}, fronts ...front) error {
	failed := make(chan error, len(fronts))
	for _, f := range fronts {
		go func() { failed <- f.server.Serve(f.l) }()
	}
	var cause error
	select {
	case err := <-failed:
		cause = fmt.Errorf("serve: %w", err)
	case <-died:
		cause = errors.New("the private PostgreSQL ended")
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopMax)
	defer cancel()
	var ending sync.WaitGroup
	for _, f := range fronts {
		ending.Go(func() {
			if err := f.server.Shutdown(stop); err != nil {
				_ = f.server.Close()
			}
		})
	}
	ending.Wait()
	return cause
}
