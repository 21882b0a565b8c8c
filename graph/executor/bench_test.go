package executor_test

import (
	"context"
	"encoding/json"
	"syscall"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"onelondon/internal/auth"
	"onelondon/internal/gate"
)

// chart is one person with eight lists of 13 records and eight fields each.
const chart = `query { patient(nhsNumber: "9434765919") {
	allergies(first: 13) { nodes { ...r } }
	conditions(first: 13) { nodes { ...r } }
	medications(first: 13) { nodes { ...r } }
	observations(first: 13) { nodes { ...r } }
	encounters(first: 13) { nodes { ...r } }
	procedures(first: 13) { nodes { ...r } }
	immunisations(first: 13) { nodes { ...r } }
	documents(first: 13) { nodes { ...r } }
} }
fragment r on Record { id date recorded status note author code { system code display } provenance { source organisation { code name } } }`

// preparedGate answers with what another gate answered once, so that only the executor is measured.
type preparedGate struct {
	richGate
	answers []gate.Answer
}

func (g *preparedGate) Ask(ctx context.Context, caller auth.Caller, questions []gate.Question) ([]gate.Answer, error) {
	if g.answers != nil {
		return g.answers, nil
	}
	answers, err := g.richGate.Ask(ctx, caller, questions)
	g.answers = answers
	return answers, err
}

func BenchmarkChart(b *testing.B) {
	prepared := &preparedGate{richGate: richGate{seed: 3, records: 13}}
	own, _ := ours(prepared)
	for _, engine := range []struct {
		name string
		served
	}{{"ours", own}, {"gqlgen", reference(prepared)}} {
		b.Run(engine.name, func(b *testing.B) {
			_, oc := engine.operation(b, chart)
			length, before := 0, cpu(b)
			b.ReportAllocs()
			for b.Loop() {
				responses, ctx := engine.engine.DispatchOperation(engine.root.Begin(context.Background()), again(oc))
				length = len(responses(ctx).Data)
			}
			reportCPU(b, before)
			b.ReportMetric(float64(length), "bytes")
		})
	}
	b.Run("encoding-json", func(b *testing.B) { benchmarkFloor(b, own) })
}

// again is another request with the same parsed document, as a server that keeps documents sees it.
func again(oc *graphql.OperationContext) *graphql.OperationContext {
	return &graphql.OperationContext{RawQuery: oc.RawQuery, Variables: oc.Variables, Doc: oc.Doc, Operation: oc.Operation,
		RecoverFunc: oc.RecoverFunc, ResolverMiddleware: oc.ResolverMiddleware, RootResolverMiddleware: oc.RootResolverMiddleware}
}

// cpu is the processor time this process has used: on a busy machine it says more than the time that passed.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func reportCPU(b *testing.B, before time.Duration) {
	b.ReportMetric(float64(cpu(b)-before)/float64(b.N)/1e6, "cpu-ms/op")
}

type chartAnswer struct {
	Patient struct {
		Allergies, Conditions, Medications, Observations, Encounters, Procedures, Immunisations, Documents struct {
			Nodes []chartRecord `json:"nodes"`
		}
	} `json:"patient"`
}

type chartRecord struct {
	ID       string  `json:"id"`
	Date     *string `json:"date"`
	Recorded *string `json:"recorded"`
	Status   *string `json:"status"`
	Note     *string `json:"note"`
	Author   *string `json:"author"`
	Code     *struct {
		System  *string `json:"system"`
		Code    *string `json:"code"`
		Display *string `json:"display"`
	} `json:"code"`
	Provenance struct {
		Source       string `json:"source"`
		Organisation *struct {
			Code string  `json:"code"`
			Name *string `json:"name"`
		} `json:"organisation"`
	} `json:"provenance"`
}

// benchmarkFloor encodes the same answer from structs that hold it ready.
func benchmarkFloor(b *testing.B, own served) {
	var answer chartAnswer
	if err := json.Unmarshal(own.ask(b, chart).Data, &answer); err != nil {
		b.Fatal(err)
	}
	before := cpu(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := json.Marshal(&answer); err != nil {
			b.Fatal(err)
		}
	}
	reportCPU(b, before)
}
