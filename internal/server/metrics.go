package server

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are the server's metrics. No label reveals anything about a person, a caller or a question.
type Metrics struct {
	registry  *prometheus.Registry
	requests  *prometheus.CounterVec
	seconds   *prometheus.HistogramVec
	questions *prometheus.CounterVec
	underWay  prometheus.Gauge
	sources   *prometheus.CounterVec
	asking    *prometheus.HistogramVec
	biting    prometheus.Histogram
}

// NewMetrics makes metrics with a registry of their own.
func NewMetrics() *Metrics {
	buckets := []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2, 3, 5}
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "onelondon_http_requests_total",
			Help: "HTTP requests, by route and status."}, []string{"route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "onelondon_http_request_seconds",
			Help: "How long HTTP requests took, by route.", Buckets: buckets}, []string{"route"}),
		questions: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "onelondon_questions_total",
			Help: "GraphQL questions: answered, faulty (an error in the answer), refused before they were asked, abandoned."},
			[]string{"result"}),
		underWay: prometheus.NewGauge(prometheus.GaugeOpts{Name: "onelondon_http_requests_under_way",
			Help: "HTTP requests that are being answered."}),
		sources: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "onelondon_source_questions_total",
			Help: "Questions put to sources, by how they ended; class says why where there was no answer."},
			[]string{"source", "outcome", "class"}),
		asking: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "onelondon_source_seconds",
			Help: "How long sources took.", Buckets: buckets}, []string{"source"}),
		biting: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "onelondon_consent_bite_seconds",
			Help: "From the taking of what a person decided, on any replica, to when look-ups on this one answer by it.", Buckets: buckets}),
	}
	m.registry.MustRegister(m.requests, m.seconds, m.questions, m.underWay, m.sources, m.asking, m.biting,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Source counts the outcome of one source for one question.
func (m *Metrics) Source(source, outcome, class string, elapsed time.Duration) {
	m.sources.WithLabelValues(source, outcome, class).Inc()
	if elapsed > 0 {
		m.asking.WithLabelValues(source).Observe(elapsed.Seconds())
	}
}

// Policy shows for how long the policy in force may have been outdated, and whether organisations share its decisions.
func (m *Metrics) Policy(stale func() time.Duration, shared func() bool) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "onelondon_policy_stale_seconds",
		Help: "For how long the policy in force may not have been the one that should be; 0 where it is."},
		func() float64 { return stale().Seconds() }), prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "onelondon_policy_decisions_shared",
		Help: "1 where what is decided for one organisation is decided for all that rules cannot tell apart; 0 where the rules of the policy in force prevent that, which costs time."},
		func() float64 {
			if shared() {
				return 1
			}
			return 0
		}))
}

// Bitten records how long it took until a person's decision applied here.
func (m *Metrics) Bitten(after time.Duration) { m.biting.Observe(after.Seconds()) }

func (m *Metrics) question(result string) { m.questions.WithLabelValues(result).Inc() }

func (m *Metrics) request(route string, status int, elapsed time.Duration) {
	m.requests.WithLabelValues(route, strconv.Itoa(status)).Inc()
	m.seconds.WithLabelValues(route).Observe(elapsed.Seconds())
}

func (m *Metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
