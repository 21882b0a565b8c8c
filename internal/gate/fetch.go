package gate

import (
	"context"
	"slices"

	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/sources"
)

// maxRounds limits how often sources are asked again for one question. A page usually needs one round; it needs more
// where many records merge, or where it ends on a day with very many records.
const maxRounds = 32

// fetch asks until every page is complete. Each round asks each source once, for all people and lists together.
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

// ask asks sources. A clinician at a bedside must not wait for a source that hangs: if any question asks for urgent
// care plans, each source is given what is left of [Options.Bedside], and in later rounds at least an eighth of it.
func (g *Gate) ask(ctx context.Context, inquiries []*inquiry, asks []sources.Ask) []sources.Reply {
	if slices.ContainsFunc(inquiries, func(q *inquiry) bool { return len(q.question.UrgentCare) > 0 }) {
		patience := max(g.parts.Bedside-g.parts.Now().Sub(inquiries[0].started), g.parts.Bedside/8)
		for i := range asks {
			asks[i].Patience = patience
		}
	}
	return g.parts.Catalogue.Ask(ctx, asks)
}

// giveUp marks what is still incomplete after the last round as truncated.
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

// want says who asked for one part of a query: a stream, a probe or a question for plans.
type want struct {
	inquiry *inquiry
	stream  *stream
	probe   *probe   // instead of a stream
	plans   *plansOf // instead of a stream
}

// batch is one round: one query per source, made of the parts that all inquiries need from it.
type batch struct {
	asks  []sources.Ask
	wants [][]want // parallel to asks: for each part of its query
	at    map[clinical.SourceID]int
	room  map[clinical.SourceID]int // upper bound on the parts of each source's query
}

// add appends a part to the query of its source.
func (b *batch) add(source clinical.SourceID, w want, part sources.Part) {
	i := b.askFor(source, w.inquiry)
	b.asks[i].Query.Parts = append(b.asks[i].Query.Parts, part)
	b.wants[i] = append(b.wants[i], w)
}

// askFor returns the index of the query to which an inquiry's parts for a source belong, and states on it the caller's
// relationship to the person. If the same caller stands in two different relationships to the same person, two queries
// are needed: a source that decides by the relationship must not confuse them.
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

// introduce states on a query how its caller stands to a person. It reports false if the query already says otherwise.
func introduce(query *sources.Query, standing sources.Standing) bool {
	for i := range query.People {
		if known := &query.People[i]; slices.Equal(known.Numbers, standing.Numbers) {
			return known.Relationship == standing.Relationship && known.Claimed == standing.Claimed && known.Emergency == standing.Emergency
		}
	}
	query.People = append(query.People, standing)
	return true
}

// introduction describes the caller's relationship to the person, for a source that decides by it.
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
		// Probes come before the lists, because their results decide how the lists' records are judged.
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

// makeRoom counts the parts that an inquiry may ask of each source in this round, so that queries are allocated at full
// size: a part is a large struct, and appending would copy them repeatedly.
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

// deliver hands each part's answer to its stream. If a source did not answer, its streams end: they keep what they
// already have, and the source's line reports the failure.
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

// noteReply records the worst outcome of a source over all rounds.
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

// noteBelow records the worst outcome, over all rounds, of each source behind another OneLondon.
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

// check returns the check that every record must pass on arrival, whatever the driver did: the record must satisfy the
// condition, so that a driver's mistake ends here.
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

// pushedDown translates the caller's filter into the sources' filter. The last moment covered by `until` is included.
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
