package gate

import (
	"cmp"
	"slices"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
)

// Labels spread between connected records: somebody who hides an observation is given away by the prescription, the
// consultation or the appointment that belongs to it. A record is therefore judged as if it carried a label when it
// shares its encounter or problem with a labelled record of the same source, or is that encounter, problem or
// appointment.
//
// The released records do not show which records carry labels, so the sources must be asked: with the first query to a
// source go probes, one per kind, for records with any of these labels. Where a probe cannot tell, a record is judged
// by the worst that the probe could have found.

// spread holds the spreading labels that matter for one question.
type spread struct {
	labels []condition.Atom    // "carries the label", with its code list, for each label that the conditions mention
	any    condition.Condition // a record carries any of them
	all    clinical.LabelSet
	kinds  kindSet // to which they spread
	// merged is the label under which codes of several lists come back when those are looked up as one, and mergedOf
	// are the labels of those lists. Both are zero otherwise.
	merged   condition.Attribute
	mergedOf clinical.LabelSet
	probes   []*probe
	ties     map[clinical.SourceID]*ties // by source: those asked for kinds to which labels spread
}

// probe asks one source which of the person's records of one kind carry spreading labels.
type probe struct {
	source clinical.SourceID
	person clinical.NHSNumber
	kind   clinical.Kind
	asked  bool
}

// tie is what connects records: an encounter, a problem or an appointment of their source.
type tie struct {
	kind clinical.Kind
	id   clinical.Text
}

// ties is what is known about the labelled records of one source.
type ties struct {
	carried map[tie]clinical.LabelSet
	pending int  // probes not yet answered at all
	open    int  // probes not yet answered in full
	skipped bool // no probe was sent, because judging by the organisation no label would withhold anything
}

// mostProbed is the maximum number of records that a probe reads. If a source holds more labelled records of a person,
// it cannot tell what their labels spread to.
const mostProbed = 2000

// tiesOf lists a record's ties. Its own identifier is one if other records can refer to it.
func tiesOf(record clinical.Record) (all [4]tie, count int) {
	meta := record.About()
	for _, t := range [...]tie{
		{clinical.KindEncounter, meta.Encounter}, {clinical.KindCondition, meta.Problem}, {clinical.KindAppointment, meta.Appointment},
	} {
		if t.id != "" {
			all[count] = t
			count++
		}
	}
	if kind := record.Kind(); tieKind(kind) {
		all[count] = tie{kind, meta.ID}
		count++
	}
	return all, count
}

// tieFields are the fields that hold a record's ties.
func tieFields(descriptor *clinical.Descriptor) clinical.FieldSet {
	return descriptor.Set("encounterId", "problemId", "appointmentId")
}

// spreadingIn finds the spreading labels that the decision's conditions mention for the kinds to which they spread.
func (q *inquiry) spreadingIn() spread {
	labels, kinds := q.policy.Spread()
	var s spread
	for _, kind := range kinds {
		s.kinds |= 1 << kind
	}
	if s.kinds == 0 {
		return s
	}
	for _, kind := range q.touchedKinds() {
		if !s.kinds.has(kind) && !tieKind(kind) {
			continue
		}
		for _, clause := range q.decision.Release(kind).Condition.Clauses() {
			for i := range clause {
				s.note(labels, &clause[i])
			}
		}
	}
	return s
}

// touchedKinds lists the kinds that the question asks for, and those to which their records may refer.
func (q *inquiry) touchedKinds() []clinical.Kind {
	kinds := q.askedKinds()
	for i := range q.question.Lists {
		for kind := range q.question.Lists[i].Fields {
			if namesTies(&q.question.Lists[i], kind) {
				return append(kinds, clinical.KindEncounter, clinical.KindCondition, clinical.KindAppointment)
			}
		}
	}
	return kinds
}

// tieKind reports whether records of the kind connect others.
func tieKind(kind clinical.Kind) bool {
	return kind == clinical.KindEncounter || kind == clinical.KindCondition || kind == clinical.KindAppointment
}

// namesTies reports whether a list shows the ties of a kind.
func namesTies(list *List, kind clinical.Kind) bool {
	return list.Fields[kind]&tieFields(kind.Descriptor()) != 0
}

func (s *spread) note(labels []clinical.Label, atom *condition.Atom) {
	label, ok := atom.Attribute.Label()
	if !ok || !slices.Contains(labels, label) {
		return
	}
	for i := range s.labels {
		if known := &s.labels[i]; known.Attribute == atom.Attribute {
			known.Codes = cmp.Or(known.Codes, atom.Codes)
			return
		}
	}
	s.all.Put(label, true)
	s.labels = append(s.labels, condition.Atom{Attribute: atom.Attribute, Op: condition.Equal,
		Values: []condition.Value{condition.Bool(true)}, Codes: atom.Codes})
}

// planSpread creates the probes that the streams planned so far require.
func (q *inquiry) planSpread() {
	q.spread, q.probed = q.spreadingIn(), q.decision
	if len(q.spread.labels) == 0 {
		return
	}
	q.spread.ask()
	q.spread.ties = map[clinical.SourceID]*ties{}
	for _, w := range q.walks {
		for _, s := range w.streams {
			if s.judged = q.spread.kinds.has(s.kind) && !s.condition.IsAlways(); s.judged {
				s.fields |= tieFields(s.kind.Descriptor())
			} else if !namesTies(w.list, s.kind) {
				continue
			}
			if q.spread.ties[s.source] == nil {
				q.spread.ties[s.source] = q.probeSource(q.gate.byID[s.source])
			}
			s.heeds = s.apart != nil && s.apart.Sought && sameLabels(s.apart.Condition, q.spread.any)
		}
	}
}

// probeSource plans the probes of one source: one for each kind that can carry labels and have ties.
func (q *inquiry) probeSource(spec *sources.Spec) *ties {
	t := &ties{carried: map[tie]clinical.LabelSet{}}
	if q.indifferent(spec) {
		t.skipped = true
		return t
	}
	for _, kind := range clinical.Kinds() {
		if !q.holds[spec.ID].has(kind) || kind == clinical.KindRegistration || kind == clinical.KindContact {
			continue
		}
		for _, number := range q.under[spec.ID] {
			q.spread.probes = append(q.spread.probes, &probe{source: spec.ID, person: number, kind: kind})
			t.open++
			t.pending++
		}
	}
	return t
}

// indifferent reports whether a source's records are released whatever their labels, because of the organisation that
// holds them. A record that turns out to belong to another organisation is still judged by the worst case.
func (q *inquiry) indifferent(spec *sources.Spec) bool {
	if spec.Organisation == "" {
		return false
	}
	for _, kind := range q.touchedKinds() {
		record := kind.Descriptor().New()
		meta := record.About()
		meta.Source, meta.Organisation.Code, meta.Labels = spec.ID, spec.Organisation, q.spread.all
		released := q.decision.Release(kind).Condition
		if (q.spread.kinds.has(kind) || tieKind(kind)) && !released.IsNever() && !released.Match(record) {
			return false
		}
	}
	return true
}

// mostLists is how many code lists a probe looks up individually.
const mostLists = 1

// ask builds the probes' condition: any of the labels. If several code lists would have to be looked up in every table
// of a source, they are looked up as one; a code found that way, without saying on which list, is taken to carry all of
// their labels.
func (s *spread) ask() {
	clauses := make([]condition.Clause, len(s.labels))
	var lists []*condition.Codes
	var coded []int
	for i := range s.labels {
		clauses[i] = s.labels[i : i+1 : i+1]
		if s.labels[i].Codes != nil {
			lists, coded = append(lists, s.labels[i].Codes), append(coded, i)
		}
	}
	if len(lists) > mostLists {
		s.merged = s.labels[coded[0]].Attribute
		for n, i := range coded {
			flagged := s.labels[i]
			flagged.Codes = nil
			if n == 0 {
				flagged.Codes = lists[0].Together(lists[1:])
			}
			clauses[i] = condition.Clause{flagged}
			label, _ := flagged.Attribute.Label()
			s.mergedOf.Put(label, true)
		}
	}
	s.any = condition.Where(clauses...)
}

// part is the query part of a probe: records with any of the labels, and their ties.
func (s *spread) part(p *probe) sources.Part {
	descriptor := p.kind.Descriptor()
	return sources.Part{Kind: p.kind, Person: p.person, Condition: s.any, Limit: mostProbed, Ties: true,
		Fields: tieFields(descriptor) | s.any.Needs(descriptor)}
}

// take notes what a probe found. Only a complete answer closes the probe.
func (s *spread) take(p *probe, answer sources.PartAnswer) {
	t := s.ties[p.source]
	for _, record := range answer.Records {
		carried := s.carriedBy(record)
		all, count := tiesOf(record)
		for _, at := range all[:count] {
			labels := t.carried[at]
			labels.Join(carried)
			t.carried[at] = labels
		}
	}
	if answer.Whole() && len(answer.Records) < mostProbed {
		t.open--
	}
}

// carriedBy are the spreading labels that a record itself carries.
func (s *spread) carriedBy(record clinical.Record) (carried clinical.LabelSet) {
	if meta := record.About(); s.merged != "" && meta.Code.IsZero() {
		label, _ := s.merged.Label()
		if set, _ := meta.Labels.Value(label); set {
			carried = s.mergedOf
		}
	}
	for i := range s.labels {
		if condition.Where(condition.Clause{s.labels[i]}).Match(record) {
			label, _ := s.labels[i].Attribute.Label()
			carried.Put(label, true)
		}
	}
	return carried
}
