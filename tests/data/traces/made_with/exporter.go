// Serves a native and a classic histogram of the same values, and the Go collector.
package main

import (
	"fmt"
	"math"
	"math/rand"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

func main() {
	seconds, _ := strconv.ParseFloat(os.Args[1], 64)
	registry := prometheus.NewRegistry()
	native := prometheus.NewHistogram(prometheus.HistogramOpts{Name: "rpc_duration_seconds", Help: "native only", NativeHistogramBucketFactor: 1.1, NativeHistogramZeroThreshold: 1e-6})
	both := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "rpc_both_seconds", Help: "classic and native", Buckets: prometheus.DefBuckets, NativeHistogramBucketFactor: 1.5}, []string{"peer"})
	summary := prometheus.NewSummary(prometheus.SummaryOpts{Name: "rpc_summary_seconds", Help: "a summary", Objectives: map[float64]float64{0.5: 0.05, 0.9: 0.01, 0.99: 0.001}})
	registry.MustRegister(native, both, summary)
	go http.ListenAndServe("127.0.0.1:9465", promhttp.HandlerFor(registry, promhttp.HandlerOpts{EnableOpenMetrics: true}))
	rng := rand.New(rand.NewSource(1))
	var count, over int
	var sum, max float64
	end := time.Now().Add(time.Duration(seconds * 1e9))
	for time.Now().Before(end) {
		for i := 0; i < 50; i++ {
			v := math.Exp(rng.NormFloat64()) * 0.01
			if rng.Intn(40) == 0 {
				v = 0
			}
			count++
			sum += v
			max = math.Max(max, v)
			if v > 0.1 {
				over++
			}
			native.Observe(v)
			both.WithLabelValues("node-b").Observe(v)
			summary.Observe(v)
		}
		time.Sleep(100 * time.Millisecond)
	}
	fmt.Printf("go count %d sum %v max %v over0.1 %d\n", count, sum, max, over)
	time.Sleep(6 * time.Second)
}
