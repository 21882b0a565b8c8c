package gate

import (
	"context"
	"slices"

	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/sources"
)

// maxRounds bounds how often sources are asked again for the same question. A page needs one round; more only where many
// records say the same, or where a page ends in a day with very many records.
const maxRounds = 32

// fetch asks until every page is complete. In each round every source is asked once, for all people and lists together.
func (g *Gate) fetch(ctx context.Context, inquiries []*inquiry) {
	for range maxRounds {
		batch := newBatch(inquiries)
		if len(batch.asks) == 0 {
			return
		}
		batch.deliver(g.ask(ctx, inquiries, batch.asks))
	}
	for _, q := range inquiries {
		q.giveUp()
	}
}

// ask asks sources. Who stands at a bedside is not kept waiting for one that hangs: where the view of urgent care plans is asked for,
// patience is what is left of [Options.Bedside], with a little for a source that is asked only now.
func (g *Gate) ask(ctx context.Context, inquiries []*inquiry, asks []sources.Ask) []sources.Reply {
	if slices.ContainsFunc(inquiries, func(q *inquiry) bool { return len(q.question.UrgentCare) > 0 }) {
		patience := max(g.parts.Bedside-g.parts.Now().Sub(inquiries[0].started), g.parts.Bedside/8)
		for i := range asks {
			asks[i].Patience = patience
		}
	}
	return g.parts.Catalogue.Ask(ctx, asks)
}

// giveUp marks what is still incomplete after the last round, so that it cannot look complete.
func (q *inquiry) giveUp() {
	for _, w := range q.walks {
		if w.advance() {
			continue
		}
		for _, s := range w.streams {
			if s.starved() {
				s.done, s.truncated = true, true
			}
		}
		w.advance()
	}
}

// want is one part of a query and whom its answer goes to.
type want struct {
	inquiry *inquiry
	stream  *stream
	probe   *probe   // in place of a stream
	plans   *plansOf // in place of a stream
}

// batch is one round: for each source one query, made of the parts that everybody needs of it.
type batch struct {
	asks  []sources.Ask
	wants [][]want // by ask
	at    map[clinical.SourceID]int
	room  map[clinical.SourceID]int // how many parts a source will be asked for, at most
}

// add puts a part on a query of its source.
func (b *batch) add(source clinical.SourceID, w want, part sources.Part) {
	i := b.askFor(source, w.inquiry)
	b.asks[i].Query.Parts = append(b.asks[i].Query.Parts, part)
	b.wants[i] = append(b.wants[i], w)
}

// askFor is the query of a source to which parts for an inquiry go, on which it says how its caller stands to the person. Two
// inquiries in which the same caller stands otherwise to the same person are two queries: a source that decides by it must not
// take the one for the other.
func (b *batch) askFor(source clinical.SourceID, q *inquiry) int {
	i, asked := b.at[source]
	if asked {
		if wants := b.wants[i]; wants[len(wants)-1].inquiry == q {
			return i
		}
	}
	standing := q.introduction(source)
	for i := range b.asks {
		if b.asks[i].Source == source && introduce(&b.asks[i].Query, standing) {
			b.asks[i].Query.Consent = max(b.asks[i].Query.Consent, uint64(q.consented))
			b.at[source] = i
			return i
		}
	}
	i = len(b.asks)
	b.at[source] = i
	b.asks = append(b.asks, sources.Ask{Source: source, Query: sources.Query{Caller: callerOf(q.caller), People: []sources.Standing{standing},
		Consent: uint64(q.consented), Parts: make([]sources.Part, 0, b.room[source])}})
	b.wants = append(b.wants, make([]want, 0, b.room[source]))
	return i
}

// introduce says on a query how its caller stands to a person, and reports whether that contradicts nothing that it says already.
func introduce(query *sources.Query, standing sources.Standing) bool {
	for i := range query.People {
		if known := &query.People[i]; slices.Equal(known.Numbers, standing.Numbers) {
			return known.Relationship == standing.Relationship && known.Claimed == standing.Claimed && known.Emergency == standing.Emergency
		}
	}
	query.People = append(query.People, standing)
	return true
}

// introduction is how the caller stands to the person, for a source that decides by it.
func (q *inquiry) introduction(source clinical.SourceID) sources.Standing {
	standing := sources.Standing{Numbers: slices.Clone(q.under[source]), Relationship: string(q.relationship), Claimed: q.claimed,
		Emergency: q.emergency}
	if at := slices.Index(standing.Numbers, q.person); at > 0 {
		standing.Numbers[0], standing.Numbers[at] = standing.Numbers[at], standing.Numbers[0]
	}
	return standing
}

func newBatch(inquiries []*inquiry) *batch {
	b := &batch{at: map[clinical.SourceID]int{}, room: map[clinical.SourceID]int{}}
	for _, q := range inquiries {
		q.heed()
		b.makeRoom(q)
	}
	add := func(q *inquiry, s *stream, filter sources.Filter) {
		if s.starved() {
			b.add(s.source, want{inquiry: q, stream: s}, sources.Part{Kind: s.kind, Person: s.person, Fields: s.fields,
				Filter: filter, Condition: s.asked, After: s.after, Limit: s.limit})
		}
	}
	for _, q := range inquiries {
		for _, s := range q.identity {
			add(q, s, sources.Filter{})
		}
		// Before the lists, so that their records are judged by what the probes found.
		for _, p := range q.spread.probes {
			if !p.asked {
				p.asked = true
				b.add(p.source, want{inquiry: q, probe: p}, q.spread.part(p))
			}
		}
		q.askPlans(b)
		for _, w := range q.walks {
			if w.advance() {
				continue
			}
			filter := pushedDown(w.list)
			for _, s := range w.streams {
				if !q.waits(s) {
					add(q, s, filter)
				}
			}
		}
	}
	return b
}

// makeRoom counts what an inquiry may ask of each source in this round. A part is large: a query that grew part by part would be
// copied as often as it is long.
func (b *batch) makeRoom(q *inquiry) {
	count := func(s *stream) {
		if s.starved() {
			b.room[s.source]++
		}
	}
	for _, s := range q.identity {
		count(s)
	}
	for _, p := range q.spread.probes {
		if !p.asked {
			b.room[p.source]++
		}
	}
	for _, plans := range q.plans {
		if !plans.asked {
			b.room[plans.source] += len(plans.person)
		}
	}
	for _, w := range q.walks {
		for _, s := range w.streams {
			count(s)
		}
	}
}

// deliver hands each part's answer to its stream. A source that did not answer ends its streams: what it already gave stays,
// and its line tells.
func (b *batch) deliver(replies []sources.Reply) {
	for i, reply := range replies {
		answered := reply.Outcome == sources.OutcomeAnswered
		for j, want := range b.wants[i] {
			want.inquiry.noteReply(reply)
			if answered {
				want.inquiry.noteBelow(reply.Source, reply.Answer.Parts[j].Below)
			}
			if want.probe != nil {
				want.inquiry.spread.ties[want.probe.source].pending--
			}
			switch {
			case want.probe != nil && answered:
				want.inquiry.spread.take(want.probe, reply.Answer.Parts[j])
				continue
			case want.plans != nil && answered:
				want.plans.take(reply.Answer.Parts[j])
				continue
			case want.probe != nil || want.plans != nil:
				continue
			case !answered:
				want.stream.done = true
				continue
			}
			want.stream.take(reply.Answer.Parts[j], want.inquiry.check(want.stream))
		}
	}
}

// noteReply keeps the worst outcome of a source over all rounds.
func (q *inquiry) noteReply(r sources.Reply) {
	known := q.replies[r.Source]
	if known == nil {
		known = &reply{outcome: r.Outcome}
		q.replies[r.Source] = known
	}
	if r.Outcome != sources.OutcomeAnswered {
		known.outcome = r.Outcome
	}
	known.elapsed = max(known.elapsed, r.Elapsed)
}

// noteBelow keeps the worst outcome of each source of another OneLondon over all rounds.
func (q *inquiry) noteBelow(source clinical.SourceID, lines []sources.Below) {
	for i := range lines {
		known := q.replies[source]
		if known.below == nil {
			known.below = map[clinical.SourceID]sources.Outcome{}
		}
		at := lines[i].Source
		if before, ok := known.below[at]; !ok || weight(lines[i].Outcome) > weight(before) {
			known.below[at] = lines[i].Outcome
		}
	}
}

// check is the second look at every record that came back, whatever the driver was told: it must satisfy the condition, and
// what may not be shown is cleared. A driver's mistake ends here.
func (q *inquiry) check(s *stream) func(clinical.Record) bool {
	if slices.Contains(q.identity, s) {
		return func(record clinical.Record) bool {
			registration, ok := record.(*clinical.Registration)
			if ok {
				q.registrations = append(q.registrations, registration)
			}
			return false
		}
	}
	return func(record clinical.Record) bool {
		if sensitive, _ := record.About().Labels.Value(clinical.LabelSensitive); sensitive {
			q.flagSeen = true
			return false
		}
		if s.apart != nil {
			return q.keep(s, record)
		}
		return q.releases(s, record)
	}
}

// pushedDown turns the caller's filter into the sources': the last moment that `until` covers is included.
func pushedDown(list *List) sources.Filter {
	filter := &list.Filter
	pushed := sources.Filter{From: filter.From, Statuses: filter.Statuses, OfPlan: list.OfPlan}
	if !filter.Until.IsZero() {
		pushed.Until = clinical.NewDateTime(filter.Until.Until(), clinical.PrecisionSecond)
	}
	for _, code := range filter.Codes {
		pushed.Codes = append(pushed.Codes, sources.Code{System: code.System, Code: code.Code})
	}
	return pushed
}

func callerOf(caller auth.Caller) sources.Caller {
	return sources.Caller{ID: caller.ID, Name: caller.Name, Organisation: caller.Organisation, Role: caller.Role,
		Activities: caller.Activities, Citizen: caller.Citizen, Person: caller.Person, Purpose: caller.Purpose,
		Automated: caller.Automated, RequestID: caller.RequestID}
}
