package attacks_test

import (
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"onelondon/internal/cohort"
	"onelondon/internal/cohort/disclosure"
	"onelondon/internal/cohort/remote"
	"onelondon/internal/embedded"
)

// shipped are the rules of policy/data/disclosure.yaml.
var shipped = disclosure.Rules{RedactUpTo: 7, RoundTo: 5, ZeroIsSmall: true, SmallestDifference: 8, LargestShare: 20,
	FewestForQuantiles: 32, MostQuestions: 200, SmallestGroup: 20}

// house is how well answers are protected.
type house struct {
	name     string
	rules    disclosure.Rules
	ledger   bool
	cutsOnly bool    // the ledger does not know what is known of people
	served   *served // the product, which is asked the same; nil for the evaluator alone
}

var (
	whole      = house{name: "whole", rules: shipped, ledger: true}
	cutsAlone  = house{name: "nothing known of people", rules: shipped, ledger: true, cutsOnly: true}
	noLedger   = house{name: "no ledger", rules: shipped}
	noRounding = house{name: "no ledger, no rounding", rules: coarse(1, 1, 99)}
	noShare    = house{name: "no ledger, no largest share", rules: coarse(7, 5, 99)}
)

func coarse(redact, round, share int) disclosure.Rules {
	rules := shipped
	rules.RedactUpTo, rules.RoundTo, rules.LargestShare = redact, round, share
	return rules
}

// project is what one attacker may ask in a house until its questions are spent.
type project struct {
	t      *testing.T
	world  *world
	house  house
	ledger *disclosure.Ledger
	asked  int
	told   map[string]int // how often each refusal was given
	solved solutions
	served *remote.Client // nil where the evaluator alone is asked
}

func newProject(t *testing.T, w *world, h house) *project {
	t.Helper()
	p := &project{t: t, world: w, house: h, told: map[string]int{}}
	if h.served != nil {
		p.served = h.served.open(t)
	}
	if h.ledger {
		var err error
		p.ledger, err = disclosure.Open(t.Context(), disclosure.Options{Path: filepath.Join(t.TempDir(), "ledger"), Key: embedded.Key{1},
			Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func (p *project) close() {
	if p.ledger != nil {
		_ = p.ledger.Forget()
	}
}

// outcome is all that an attacker sees of an answer.
type outcome struct {
	code   string // of the refusal
	result cohort.Result
}

// number is that of the only row; -1 where it is redacted or refused.
func (o outcome) number() float64 {
	if len(o.result.Rows) != 1 || !o.result.Rows[0].Figures[0].Shown {
		return -1
	}
	return o.result.Rows[0].Figures[0].Number
}

// ask puts a question; title and name are the attacker's to vary.
func (p *project) ask(d *cohort.Definition) outcome {
	p.t.Helper()
	p.asked++
	if d.Measures == nil {
		d.Measures = []cohort.Measure{{Kind: cohort.MeasurePeople}}
	}
	o := p.evaluate(d)
	if p.served != nil {
		p.compare(d, o)
	}
	return o
}

// evaluate counts a question and protects it.
func (p *project) evaluate(d *cohort.Definition) outcome {
	p.t.Helper()
	counted := p.world.count(d)
	if p.ledger == nil {
		result, err := disclosure.Protect(counted, d, p.house.rules)
		if err != nil {
			p.t.Fatal(err)
		}
		return outcome{result: result}
	}
	known := p.world.count(disclosure.Known(d))
	if p.house.cutsOnly {
		known = blind(known, counted)
	}
	reservation, err := p.ledger.Reserve(p.t.Context(), disclosure.Question{Definition: d, Digest: digest(d), Counted: counted, Known: known, Rules: p.house.rules})
	var refusal *disclosure.Refusal
	switch {
	case errors.As(err, &refusal):
		code := refusedFor(refusal.Code, refusal.Words)
		p.told[code]++
		return outcome{code: code}
	case err != nil:
		p.t.Fatal(err)
	case reservation.Earlier != nil:
		return outcome{result: reservation.Earlier.Result}
	}
	if err := reservation.Commit(p.t.Context(), &cohort.Answer{}); err != nil {
		p.t.Fatal(err)
	}
	return outcome{result: reservation.Result}
}

// refusedFor is the code of a refusal, of a repeated one that of the first.
func refusedFor(code, words string) string {
	if code != disclosure.RefusedBefore {
		return code
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(words, "This question was refused before ("), ")")
	return first
}

// blind makes everybody like the first who is counted.
func blind(known, counted *cohort.Counted) *cohort.Counted {
	one := cohort.Cell{}
	for _, cell := range known.Cells {
		one.People = append(one.People, cell.People...)
		if len(counted.Everybody) > 0 && slices.Contains(cell.People, counted.Everybody[0]) {
			one.Key = cell.Key
		}
	}
	if one.Key == nil {
		return known
	}
	return &cohort.Counted{Cells: []cohort.Cell{one}, Everybody: known.Everybody}
}

func digest(d *cohort.Definition) string { return fmt.Sprintf("%x", hash(text(d))) }

func hash(text string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(text))
	return h.Sum64()
}
