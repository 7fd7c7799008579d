package main

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// newMetrics is the registry that all parts count in.
func newMetrics() *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return r
}

// serveMetrics answers /metrics on a listener of its own until ctx ends, where one is set. The
// portal's own /metrics answers the machine itself alone.
func (a *app) serveMetrics(ctx context.Context, s settings) error {
	if s.MetricsListen == "" {
		return nil
	}
	l, err := listen(ctx, s.MetricsListen, nil)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(a.metrics, promhttp.HandlerOpts{}))
	go func() {
		if err := serveUntil(ctx, nil, front{newServer(mux), l}); err != nil {
			slog.ErrorContext(ctx, "metrics are no longer served", "error", err)
		}
	}()
	return nil
}
