package gate

import (
	"crypto/sha256"
	"hash"
	"slices"
	"strings"
	"time"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

// answer assembles what the caller may have. Everything in it has passed the final decision.
func (q *inquiry) answer() Answer {
	if !q.shown() {
		return Answer{}
	}
	p := &Person{NHSNumber: q.person, Registrations: q.releasedRegistrations(), Pages: make([]Page, len(q.walks))}
	p.Warnings = q.warnings(p.Registrations)
	p.Sources = q.identityLines(p.Registrations)
	for i, w := range q.walks {
		if q.decision != q.probed {
			q.narrow(w)
		}
		// Computed before masking: cursors and conflicts depend on fields that a mask may clear.
		conflicts := q.conflicts(w.seen)
		cursor := q.cursors(w)
		q.finish(w)
		for i := range conflicts {
			for _, record := range conflicts[i].Records {
				q.strip(record) // an item of another page may share it
			}
		}
		p.Pages[i] = Page{Records: w.items, HasNext: w.hasNext, Sources: q.lines(w), Conflicts: conflicts, cursor: cursor}
	}
	for i := range q.question.UrgentCare {
		p.UrgentCare = append(p.UrgentCare, q.urgentCare(&q.question.UrgentCare[i], p.Pages))
	}
	p.Receipt = q.receipt(p)
	return Answer{Person: p}
}

// finish applies the final decision to a page. This matters only if the decision changed after the sources were asked;
// otherwise every record passes again.
func (q *inquiry) finish(w *walk) {
	kept := make([]clinical.Record, 0, len(w.items))
	for _, item := range w.items {
		meta, released := item.About(), q.released(item)
		meta.Keep(q.released)
		if released {
			kept = append(kept, item)
			continue
		}
		// The leader of a merged item is withheld, so those merged into it become items of their own.
		kept = append(kept, meta.Others()...)
	}
	if !q.unprobed().IsNone() {
		w.cut(q.spread.kinds) // a record may have been withheld only because a probe could not tell
	}
	w.items, w.places = kept, make([]place, len(kept))
	for i, item := range kept {
		w.places[i] = placeOf(item) // before masking clears its date
		q.strip(item)
		for _, other := range item.About().Others() {
			q.strip(other)
		}
		if w.list.Apart != nil {
			q.handOver(w.list, item)
		}
	}
}

// named fills in the organisation's name where the source gives none. Some sources repeat the code as the name; that
// counts as none.
func (g *Gate) named(record clinical.Record) {
	if of := &record.About().Organisation; of.Name == "" || of.Name == of.Code {
		of.Name = g.parts.Organisations[of.Code]
	}
}

// strip removes from a record what the final decision hides: masked fields, and identifiers of withheld records.
func (q *inquiry) strip(record clinical.Record) {
	q.gate.named(record)
	clear(record, q.decision.Release(record.Kind()).Hidden(record))
	q.untie(q.spread.ties[record.About().Source], record)
}

// clear removes masked fields, which may have been read to check a condition or to compare records.
func clear(record clinical.Record, masked clinical.FieldSet) {
	if masked == 0 {
		return
	}
	descriptor := record.Kind().Descriptor()
	for i := range descriptor.Fields {
		if field := &descriptor.Fields[i]; masked.Has(field.Bit) {
			field.Clear(record)
		}
	}
}

func (q *inquiry) releasedRegistrations() []*clinical.Registration {
	release := q.decision.Release(clinical.KindRegistration)
	var released []*clinical.Registration
	for _, registration := range q.registrations {
		if release.Condition.Match(registration) && q.mentions(q.gate.byID[registration.Source]) {
			clear(registration, release.Hidden(registration))
			q.gate.named(registration)
			registration.NHSNumber, registration.Plan = q.person, "" // a registration is never part of a plan
			released = append(released, registration)
		}
	}
	slices.SortFunc(released, func(a, b *clinical.Registration) int {
		return sources.PositionOf(a).Compare(sources.PositionOf(b))
	})
	return released
}

// cursors returns the function that makes a page's cursors on demand.
func (q *inquiry) cursors(w *walk) func(item int) string {
	return func(item int) string {
		if item < 0 || item >= len(w.places) {
			return ""
		}
		return q.gate.sealer.seal(w.bookmarkAt(w.places[item]), binding(q.caller, q.person, w.list))
	}
}

// lines returns one line for each source that should have answered, in id order.
func (q *inquiry) lines(w *walk) []SourceAnswer {
	var lines []SourceAnswer
	for _, spec := range q.near() {
		line := SourceAnswer{Source: spec.ID, Name: spec.Name, AsAt: q.started}
		expected, withheld := false, q.withholds(w, spec)
		given, truncated := 0, false
		for _, s := range w.streams {
			if s.source == spec.ID {
				expected, truncated = true, truncated || s.truncated
				given += s.given
				line.Rejected += s.rejected
			}
		}
		if !expected && !withheld {
			continue
		}
		if expected && q.answered(spec.ID) {
			lower := beneath(spec, w.streams, q.started, func(origin clinical.SourceID) int { return contributed(w.items, origin) })
			if len(lower) > 0 {
				lines = append(lines, lower...)
				continue
			}
		}
		line.Records = contributed(w.items, spec.ID)
		gave := given > 0 || line.Records > 0
		q.judge(&line, expected, gave, truncated)
		if gave || q.tells(spec, line.Outcome) {
			lines = append(lines, line)
		}
	}
	return lines
}

// answered reports whether a source answered in every round.
func (q *inquiry) answered(id clinical.SourceID) bool {
	r := q.replies[id]
	return r != nil && r.outcome == sources.OutcomeAnswered
}

// withholds reports whether the source could hold a kind that this list withholds entirely. It does not say whether the
// source has any such records.
func (q *inquiry) withholds(w *walk, spec *sources.Spec) bool {
	for _, kind := range w.list.Kinds {
		if w.list.OfPlan && !q.holds[spec.ID].has(clinical.KindUrgentCarePlan) {
			return false
		}
		if q.holds[spec.ID].has(kind) && w.withholds(q.decision.Release(kind), kind) {
			return q.mayAnswer(spec)
		}
	}
	return false
}

func (q *inquiry) judge(line *SourceAnswer, asked, gave, truncated bool) {
	if !asked {
		line.Outcome = Withheld
		return
	}
	r := q.replies[line.Source]
	if r == nil {
		line.Outcome = NotAsked
		return
	}
	line.Elapsed = r.elapsed
	switch {
	case r.outcome == sources.OutcomeTimedOut:
		line.Outcome = TimedOut
	case r.outcome == sources.OutcomeFailed:
		line.Outcome = Failed
	case r.outcome == sources.OutcomeBehind:
		line.Outcome = Behind
	case r.outcome == sources.OutcomeNotAsked:
		line.Outcome, line.Elapsed = NotAsked, 0
	case truncated:
		line.Outcome = Truncated
	case gave || line.Rejected > 0:
		line.Outcome = Answered
	default:
		line.Outcome = Nothing
	}
}

// identityLines returns one line for each source asked about the person's identity, in id order.
func (q *inquiry) identityLines(released []*clinical.Registration) []SourceAnswer {
	lines := make([]SourceAnswer, 0, len(q.identity))
	for _, s := range q.identity {
		if last := len(lines) - 1; last >= 0 && lines[last].Source == s.source {
			lines[last].Rejected += s.rejected // the same source, asked under another number of the person
			continue
		}
		if len(lines) > 0 && strings.HasPrefix(string(lines[len(lines)-1].Source), string(s.source)+"/") {
			continue
		}
		if q.mayHold(s.source) {
			lines = q.appendIdentity(lines, s, released)
		}
	}
	return lines
}

// appendIdentity appends the identity line of a stream's source, or the lines of the sources behind it.
func (q *inquiry) appendIdentity(lines []SourceAnswer, s *stream, released []*clinical.Registration) []SourceAnswer {
	spec := q.gate.byID[s.source]
	if lower := q.identityBeneath(spec, released); len(lower) > 0 {
		return append(lines, lower...)
	}
	line := SourceAnswer{Source: spec.ID, Name: spec.Name, AsAt: q.started, Rejected: s.rejected}
	for _, registration := range released {
		if registration.Source == s.source {
			line.Records++
		}
	}
	q.judge(&line, true, line.Records > 0, s.truncated)
	if line.Records > 0 || q.tells(spec, line.Outcome) {
		lines = append(lines, line)
	}
	return lines
}

// identityBeneath returns the identity lines of the sources behind another OneLondon.
func (q *inquiry) identityBeneath(spec *sources.Spec, released []*clinical.Registration) []SourceAnswer {
	if !q.answered(spec.ID) {
		return nil
	}
	return beneath(spec, q.identity, q.started, func(origin clinical.SourceID) int {
		count := 0
		for _, registration := range released {
			if registration.Origin() == origin {
				count++
			}
		}
		return count
	})
}

// contributed counts the records, merged ones included, that originate from a source.
func contributed(items []clinical.Record, source clinical.SourceID) int {
	count := 0
	for _, item := range items {
		if item.About().Origin() == source {
			count++
		}
		for _, other := range item.About().Others() {
			if other.About().Origin() == source {
				count++
			}
		}
	}
	return count
}

func (q *inquiry) receipt(p *Person) Receipt {
	r := Receipt{RequestID: q.caller.RequestID, AskedAt: q.started.UTC().Truncate(time.Millisecond), Purpose: q.caller.Purpose,
		Relationship: string(q.relationship), PolicyRevision: q.decision.Revision, ConsentRevision: uint64(q.consented),
		WithheldKinds: q.withheldKinds(), Digest: digest(q.question, p)}
	for _, reason := range q.decision.Reasons {
		if words := strings.TrimSpace(q.policy.Words(reason)); words != "" {
			r.Reasons = append(r.Reasons, words)
		}
	}
	return r
}

func (q *inquiry) withheldKinds() []clinical.Kind {
	var withheld []clinical.Kind
	for _, kind := range clinical.Kinds() {
		if q.decision.Release(kind).Condition.IsNever() {
			withheld = append(withheld, kind)
		}
	}
	return withheld
}

// digest is SHA-256 over everything released: the identity of each record and its requested fields.
func digest(question *Question, p *Person) (sum [32]byte) {
	h := sha256.New()
	buffer := make([]byte, 0, 512)
	for _, registration := range p.Registrations {
		buffer = digestRecord(h, buffer[:0], registration, question.Identity)
	}
	for i := range p.Pages {
		for _, record := range p.Pages[i].Records {
			fields := question.Lists[i].Fields[record.Kind()]
			buffer = digestRecord(h, buffer[:0], record, fields)
			for _, other := range record.About().Others() {
				buffer = digestRecord(h, buffer[:0], other, fields)
			}
		}
	}
	h.Sum(sum[:0])
	return sum
}

func digestRecord(h hash.Hash, b []byte, record clinical.Record, fields clinical.FieldSet) []byte {
	meta := record.About()
	b = append(append(b, byte(record.Kind())), meta.Source...)
	b = append(append(b, 0), meta.ID...)
	b = append(b, 0)
	descriptor := record.Kind().Descriptor()
	for i := range descriptor.Fields {
		if field := &descriptor.Fields[i]; fields.Has(field.Bit) {
			b = field.AppendTo(b, record)
		}
	}
	_, _ = h.Write(b)
	return b
}
