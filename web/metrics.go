package web

import (
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"zhanggui/internal/fault"
)

// gauges are the site's own measurements, by route pattern.
type gauges struct {
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	waiting  prometheus.Gauge
}

func newGauges(reg prometheus.Registerer) gauges {
	g := gauges{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "zhanggui_http_requests_total", Help: "Requests answered."}, []string{"method", "route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "zhanggui_http_seconds", Help: "Time to answer.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10}}, []string{"method", "route"}),
		waiting: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "zhanggui_waiting_tickets", Help: "Desktops that wait for a phone."}),
	}
	reg.MustRegister(g.requests, g.seconds, g.waiting)
	return g
}

func (s *site) measure(method, pattern string, status int, took time.Duration) {
	s.gauges.requests.WithLabelValues(method, pattern, strconv.Itoa(status)).Inc()
	s.gauges.seconds.WithLabelValues(method, pattern).Observe(took.Seconds())
}

// metrics answers to the machine itself alone.
func (s *site) metrics(v *visit) error {
	promhttp.HandlerFor(s.Metrics, promhttp.HandlerOpts{}).ServeHTTP(v.Response(), v.Request())
	return nil
}

// onlyLocal finds nothing for callers from elsewhere, also when a proxy on this machine brings them.
func onlyLocal(r *http.Request) error {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	ip := net.ParseIP(host)
	forwarded := r.Header.Get("X-Forwarded-For") + r.Header.Get("Forwarded") + r.Header.Get("X-Real-IP")
	if err != nil || ip == nil || !ip.IsLoopback() || forwarded != "" {
		return fault.ErrNotFound
	}
	return nil
}
