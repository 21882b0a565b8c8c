package fhir

import (
	"context"
	"slices"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/memory"
	"onelondon/sources/web"
)

// question is a query on its way through the server.
type question struct {
	source *Source
	asking *asking
	people map[clinical.NHSNumber]*search // for Patients
	parts  [][]*search                    // of each part
	all    []*search                      // each once, Patients first
	byKey  map[string]*search
	known  map[clinical.NHSNumber][]person
	// doubtful are how many Patients of a number have another one as well. Their records are shown to nobody, which the answer tells.
	doubtful  map[clinical.NHSNumber]int
	ownerless bool // organisations could not be looked up
	decoded   map[*search]*reading
}

// reading is what a search's resources are, by patient.
type reading struct {
	records  map[string][]clinical.Record
	rejected int
}

// Fetch answers the query: in one round trip where the server takes batches and its pages are long enough.
func (s *Source) Fetch(ctx context.Context, query sources.Query) (sources.Answer, error) {
	if err := ctx.Err(); err != nil {
		return sources.Answer{}, err
	}
	q := &question{source: s, asking: s.asking(&query.Caller), people: map[clinical.NHSNumber]*search{}, byKey: map[string]*search{},
		known: map[clinical.NHSNumber][]person{}, doubtful: map[clinical.NHSNumber]int{}, decoded: map[*search]*reading{}}
	q.plan(query.Parts)
	if err := q.ask(ctx); err != nil {
		if ended := ctx.Err(); ended != nil {
			return sources.Answer{}, ended
		}
		return sources.Answer{}, err
	}
	answer, err := web.Answer(ctx, &query, s.options.Limits, func(i int) web.Held { return q.heldOf(&query.Parts[i], q.parts[i]) })
	answer.RoundTrips = q.asking.trips
	return answer, err
}

// plan makes the searches that the parts need.
func (q *question) plan(parts []sources.Part) {
	patients := of(clinical.KindRegistration)[0]
	for i := range parts {
		person := parts[i].Person
		if q.people[person] == nil {
			found := q.source.everything(patients)
			found.params.Set("identifier", nhsSystem+"|"+person.Reveal())
			q.people[person] = found
			q.all = append(q.all, found)
		}
	}
	q.parts = make([][]*search, len(parts))
	for i := range parts {
		q.parts[i] = q.searches(&parts[i])
	}
}

func (q *question) searches(part *sources.Part) []*search {
	if part.Kind == clinical.KindRegistration {
		q.people[part.Person].fields |= part.Fields
		return []*search{q.people[part.Person]}
	}
	var all []*search
	for _, l := range q.source.can.layouts(part.Kind) {
		all = append(all, q.search(part, l, part.Filter.Codes))
	}
	if q.mayBelong(part) {
		_ = q.planned(part.Person)
	}
	if part.Kind == clinical.KindUrgentCarePlan {
		all = append(all, q.units(part)...)
	}
	return all
}

func snomed(codes []clinical.Text) []sources.Code {
	all := make([]sources.Code, len(codes))
	for i, code := range codes {
		all[i] = sources.Code{System: clinical.SNOMED, Code: code}
	}
	return all
}

func (q *question) search(part *sources.Part, l *layout, codes []sources.Code) *search {
	found := q.source.everything(l)
	found.params.Set("patient.identifier", nhsSystem+"|"+part.Person.Reveal())
	along := q.source.traced(found, part.Fields)
	found.only(&q.source.can, append(l.elements(part.Fields|part.Kind.Descriptor().Set("code", "date", "status", "publisher")), along...))
	found.narrowed(&q.source.can, codes, part.Filter.From, part.Filter.Until)
	if already := q.byKey[found.key()]; already != nil {
		already.fields |= part.Fields
		return already
	}
	found.fields = part.Fields
	q.byKey[found.key()] = found
	q.all = append(q.all, found)
	return found
}

// ask sends the searches. Without a batch the patients come first, and everything else is asked for by their logical ids.
func (q *question) ask(ctx context.Context) error {
	if q.source.can.batch {
		if err := q.asking.together(ctx, q.all); err != nil {
			return err
		}
		q.resolve(ctx)
		return q.recognise()
	}
	if err := q.asking.apart(ctx, q.all[:len(q.people)]); err != nil {
		return err
	}
	if err := q.recognise(); err != nil {
		return err
	}
	var rest []*search
	for _, s := range q.all[len(q.people):] {
		if q.byID(s) {
			rest = append(rest, s)
		}
	}
	if err := q.asking.apart(ctx, rest); err != nil {
		return err
	}
	q.resolve(ctx)
	clear(q.known)
	clear(q.doubtful)
	return q.recognise() // again, since a practice may have its ODS code now
}

// byID turns a search by NHS number into one by the ids of the person's registrations; false where there are none.
func (q *question) byID(s *search) bool {
	_, digits, _ := strings.Cut(s.params.Get("patient.identifier"), "|")
	s.params.Del("patient.identifier")
	number, err := clinical.ParseNHSNumber(digits)
	if err != nil {
		return false
	}
	var ids []string
	for _, one := range q.known[number] {
		ids = append(ids, "Patient/"+one.id)
	}
	s.params.Set("patient", strings.Join(ids, ","))
	return len(ids) > 0
}

// recognise reads who the patients are. Whose number it once was is somebody else; a server that answers with one who never had it is
// not believed in anything.
func (q *question) recognise() error {
	for number, found := range q.people {
		for _, resource := range found.resources {
			one, ok := personOf(resource)
			if one.several {
				q.doubtful[number]++
			}
			if !ok || one.number.IsZero() || one.number != number && slices.Contains(one.former, number) {
				continue
			}
			if one.number != number {
				return server.Garbled("a patient of another NHS number than was asked for")
			}
			q.known[number] = append(q.known[number], one)
		}
	}
	return nil
}

// heldOf is what was read for a part, with those of the person's patients that could not be told to be theirs.
func (q *question) heldOf(part *sources.Part, searches []*search) web.Held {
	held := q.held(part, searches)
	held.Rejected += q.doubtful[part.Person]
	held.Cut = held.Cut || q.ownerless && goesByOwner(&part.Condition)
	return held
}

// held is the reference source over what the searches found of one person.
func (q *question) held(part *sources.Part, searches []*search) (held web.Held) {
	number := part.Person
	var registrations []memory.Person
	if len(searches) > 0 && searches[0].layout.kind == clinical.KindUrgentCarePlan {
		return q.heldPlans(number, searches)
	}
	for _, s := range searches {
		read := q.read(s)
		if q.mayBelong(part) {
			q.belong(number, s, read)
			for _, plans := range q.planned(number) {
				held.Cut = held.Cut || plans.cut
			}
		}
		held.Rejected += read.rejected
		held.Cut = held.Cut || s.cut
		for i, one := range q.known[number] {
			records := read.records[one.id]
			if i == 0 {
				records = slices.Concat(records, read.records[byNumber+number.Reveal()])
			}
			registrations = append(registrations, one.registration(number, records))
		}
	}
	held.Source = memory.New(q.source.options.ID, registrations...)
	return held
}

// heldPlans is the reference source over one person's urgent care plans, which several searches make together.
func (q *question) heldPlans(number clinical.NHSNumber, searches []*search) (held web.Held) {
	for _, s := range searches {
		held.Cut = held.Cut || s.cut
	}
	read := q.source.decoder(nil).plans(searches, q.identify(number))
	var registrations []memory.Person
	for _, one := range q.known[number] {
		registrations = append(registrations, one.registration(number, read.records[one.id]))
	}
	held.Source, held.Rejected = memory.New(q.source.options.ID, registrations...), read.rejected
	return held
}

// identify turns the key of a patient who is named by number into that of their first registration.
func (q *question) identify(number clinical.NHSNumber) func(patient string) string {
	return func(patient string) string {
		if known := q.known[number]; patient == byNumber+number.Reveal() && len(known) > 0 {
			return known[0].id
		}
		return patient
	}
}

// read decodes what a search found, once.
func (q *question) read(s *search) *reading {
	if q.decoded[s] == nil {
		d := q.source.decoder(q.asking.medications)
		d.origins = q.asking.origins
		q.decoded[s] = d.reading(s.layout, s.resources)
	}
	return q.decoded[s]
}

// reading decodes resources; one that comes twice is one.
func (d *decoder) reading(l *layout, resources []object) *reading {
	read := &reading{records: map[string][]clinical.Record{}}
	seen := map[string]bool{}
	for _, resource := range resources {
		id := text(resource["id"])
		if text(resource["resourceType"]) != l.resource || seen[id] {
			continue
		}
		seen[id] = true
		records, ok := d.records(l, resource)
		if !ok {
			read.rejected++
			continue
		}
		patients := subjects(l, resource)
		slices.Sort(patients)
		for _, patient := range slices.Compact(patients) {
			read.records[patient] = append(read.records[patient], records...)
		}
	}
	return read
}
