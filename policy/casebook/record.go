package casebook

import (
	"fmt"
	"slices"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/policy"
)

// Outcome is a single record and the expected result for it. What is not given about the record is unknown, except that
// its source says that it is not sealed.
type Outcome struct {
	Kind     string          `yaml:"kind"`
	Of       string          `yaml:"of"`     // ODS code of the organisation whose record it is
	Code     string          `yaml:"code"`   // "SNOMED_CT 86406008"; empty for a record without a code
	Labels   map[string]bool `yaml:"labels"` // what its source says about it: {sealed: true}
	Beside   []string        `yaml:"beside"` // labels of another record connected with it, as by the same visit
	Released bool            `yaml:"released"`
}

// record makes the record, or returns what is wrong with it.
func (o *Outcome) record() (clinical.Record, error) {
	kind, known := clinical.ParseKind(o.Kind)
	if !known {
		return nil, fmt.Errorf("%q is not a kind of record", o.Kind)
	}
	record := kind.Descriptor().New()
	meta := record.About()
	meta.Organisation.Code = clinical.Text(o.Of)
	meta.Labels.Put(clinical.LabelSealed, false)
	for _, name := range o.Beside {
		if !slices.Contains(clinical.Labels(), clinical.Label(name)) {
			return nil, fmt.Errorf("%q is not a label", name)
		}
	}
	for name, set := range o.Labels {
		label := clinical.Label(name)
		if !slices.Contains(clinical.Labels(), label) {
			return nil, fmt.Errorf("%q is not a label", name)
		}
		meta.Labels.Put(label, set)
	}
	if o.Code != "" {
		system, code, _ := strings.Cut(o.Code, " ")
		meta.Code.System, meta.Code.Code = clinical.CodeSystem(system), clinical.Text(code)
		if code == "" || !slices.Contains(clinical.CodeSystems(), meta.Code.System) {
			return nil, fmt.Errorf("%q is not a terminology and a code", o.Code)
		}
	}
	return record, nil
}

// spread adds the labels of connected records, as the gate does: those that spread, to kinds to which they spread.
func (o *Outcome) spread(record clinical.Record, engine *policy.Engine) {
	labels, kinds := engine.Spread()
	for _, label := range labels {
		if slices.Contains(o.Beside, string(label)) && slices.Contains(kinds, record.Kind()) {
			record.About().Labels.Put(label, true)
		}
	}
}

// tried describes how the result for the record differs from the expected one; empty if it does not.
func (o *Outcome) tried(decision *policy.Decision, engine *policy.Engine) string {
	record, err := o.record()
	if err != nil {
		return "a record: " + err.Error()
	}
	o.spread(record, engine)
	if released := decision.Release(record.Kind()).Condition.Match(record); released != o.Released {
		return strings.Join(strings.Fields(fmt.Sprintf("%s of %s %s %v %s: released %v, expected %v", o.Kind, o.Of, o.Code, o.Labels,
			o.beside(), released, o.Released)), " ")
	}
	return ""
}

func (o *Outcome) beside() string {
	if len(o.Beside) == 0 {
		return ""
	}
	return "beside " + strings.Join(o.Beside, ", ")
}
