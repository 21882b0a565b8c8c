package gate

import (
	"cmp"
	"slices"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
)

// A label spreads over what hangs together: who hides an observation and shows the prescription, the consultation or the
// appointment that belongs to it gives it away. A record that shares its encounter or its problem with a record of the same
// source that carries such a label, or that is that encounter, problem or appointment, is judged as one that carries it too.
//
// What carries a label is not known from the records that are released, so it is asked: with the first question to a source
// go probes, one a kind, for the records that carry any of the labels, whatever else is asked. Where a probe cannot tell, a
// record is judged by the worst that it could have told.

// spread is what the labels that spread mean for one question.
type spread struct {
	labels []condition.Atom    // "carries the label", with its list of codes, of every label that conditions of kinds speak of
	any    condition.Condition // that a record carries one of them
	all    clinical.LabelSet
	kinds  kindSet // to which they spread
	// merged is the label under which a code of any list comes back where the lists are looked up as one, and mergedOf the
	// labels of those lists; both are zero where they are not.
	merged   condition.Attribute
	mergedOf clinical.LabelSet
	probes   []*probe
	ties     map[clinical.SourceID]*ties // of sources that are asked for kinds to which labels spread
}

// probe asks one source which of the person's records of one kind carry labels that spread.
type probe struct {
	source clinical.SourceID
	person clinical.NHSNumber
	kind   clinical.Kind
	asked  bool
}

// tie is what records hang together by: an encounter, a problem or an appointment of their source.
type tie struct {
	kind clinical.Kind
	id   clinical.Text
}

// ties is what is known of one source's records that carry labels.
type ties struct {
	carried map[tie]clinical.LabelSet
	pending int  // probes not yet answered at all
	open    int  // probes not yet answered in full
	skipped bool // nobody asked: nothing that could be found would be withheld, as far as the organisation shows
}

// mostProbed is how many records of a kind a probe reads. A person of whom a source holds more with labels that spread is one
// of whom it cannot tell what they spread to.
const mostProbed = 2000

// tiesOf lists what a record hangs together with others by. Its own identifier is one where others may name it.
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

// tieFields are the fields by which a record hangs together with others.
func tieFields(descriptor *clinical.Descriptor) clinical.FieldSet {
	return descriptor.Set("encounterId", "problemId", "appointmentId")
}

// spreadingIn finds the labels that spread among those that a decision's conditions speak of, for the kinds to which they do.
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

// touchedKinds lists the kinds that the question is about, and those that it may name by their identifiers.
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

// tieKind reports whether records of the kind are what others hang together by.
func tieKind(kind clinical.Kind) bool {
	return kind == clinical.KindEncounter || kind == clinical.KindCondition || kind == clinical.KindAppointment
}

// namesTies reports whether a list shows of a kind what its records hang together by.
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

// planSpread lays out the probes that the streams planned so far make necessary.
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

// probeSource plans the probes of one source: of every kind that may be coded or flagged and belong to something.
func (q *inquiry) probeSource(spec *sources.Spec) *ties {
	t := &ties{carried: map[tie]clinical.LabelSet{}}
	if q.indifferent(spec) {
		t.skipped = true
		return t
	}
	for _, kind := range spec.Kinds {
		if kind == clinical.KindRegistration || kind == clinical.KindContact {
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

// indifferent reports whether a source's records are released whatever labels they carry, because of whose they are. A record
// that turns out to be another organisation's is judged by the worst all the same.
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

// mostLists is how many lists of codes a probe looks up by themselves.
const mostLists = 1

// ask makes the question of the probes: any of the labels. Where several lists would have to be looked up, in every table of
// a source, they are looked up as one, and a code on it that comes without saying on which is taken to carry all of its labels.
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

// part is the question of a probe: any of the labels, and what the records hang together with others by.
func (s *spread) part(p *probe) sources.Part {
	descriptor := p.kind.Descriptor()
	return sources.Part{Kind: p.kind, Person: p.person, Condition: s.any, Limit: mostProbed, Ties: true,
		Fields: tieFields(descriptor) | s.any.Needs(descriptor)}
}

// take notes what a probe found. Only a whole answer closes the probe.
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

// carriedBy is which of the labels that spread a record carries by itself.
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
