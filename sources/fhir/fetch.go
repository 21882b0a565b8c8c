package fhir

import (
	"context"
	"maps"
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
	doubtful map[clinical.NHSNumber]int
	// replaced are Patients of a number in whose place another is to be used, and merged the id of that other where it is one of known.
	replaced map[clinical.NHSNumber][]person
	merged   map[string]string
	// aside are Patients who are known to be somebody else, or nobody, and who what else the Patients are.
	aside map[string]bool
	who   map[string]*person
	// beyond are Patients that may be the person and were not asked about, see lookBeyond.
	beyond    map[clinical.NHSNumber]int
	ownerless bool // organisations could not be looked up
	decoded   map[*search]*reading
}

// reading is what a search's resources are.
type reading struct {
	entries  []entry
	rejected int
}

// entry is what one resource is, and the keys of the patients that it is about.
type entry struct {
	records  []clinical.Record
	patients []string
}

// Fetch answers the query: in one round trip where the server takes batches and its pages are long enough.
func (s *Source) Fetch(ctx context.Context, query sources.Query) (sources.Answer, error) {
	if err := ctx.Err(); err != nil {
		return sources.Answer{}, err
	}
	q := &question{source: s, asking: s.asking(&query.Caller), people: map[clinical.NHSNumber]*search{}, byKey: map[string]*search{},
		beyond: map[clinical.NHSNumber]int{}, decoded: map[*search]*reading{}}
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
	found.whose = part.Person
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
		if err := q.recognise(); err != nil {
			return err
		}
		q.lookBeyond(ctx)
		return nil
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
	if err := q.recognise(); err != nil { // again, since a practice may have its ODS code now
		return err
	}
	q.lookBeyond(ctx)
	return nil
}

// byID turns a search by NHS number into one by the ids of the person's registrations; false where there are none.
func (q *question) byID(s *search) bool {
	s.params.Del("patient.identifier")
	var ids []string
	for _, one := range slices.Concat(q.known[s.whose], q.replaced[s.whose]) {
		ids = append(ids, "Patient/"+one.id)
	}
	s.params.Set("patient", strings.Join(ids, ","))
	return len(ids) > 0
}

// recognise reads who the patients are. Whose number it once was is somebody else; a server that answers with one who never had it is
// not believed in anything.
func (q *question) recognise() error {
	q.known, q.replaced, q.doubtful = map[clinical.NHSNumber][]person{}, map[clinical.NHSNumber][]person{}, map[clinical.NHSNumber]int{}
	q.merged, q.aside, q.who = map[string]string{}, map[string]bool{}, map[string]*person{}
	for number, found := range q.people {
		for _, resource := range found.resources {
			one, ok := personOf(resource)
			if q.who[one.id] = &one; one.several || !ok && text(resource["id"]) == "" {
				q.doubtful[number]++
			}
			switch {
			case !ok, one.number.IsZero(), one.number != number && slices.Contains(one.former, number):
				q.aside[text(resource["id"])] = true
			case one.number != number:
				return server.Garbled("a patient of another NHS number than was asked for")
			case one.replaced():
				q.replaced[number] = append(q.replaced[number], one)
			default:
				q.known[number] = append(q.known[number], one)
			}
		}
		maps.Copy(q.merged, settled(q.replaced[number], q.known[number]))
	}
	return nil
}

// heldOf is what was read for a part, with those of the person's patients that could not be told to be theirs.
func (q *question) heldOf(part *sources.Part, searches []*search) web.Held {
	held := q.held(part, searches)
	held.Rejected += q.doubtful[part.Person] + q.beyond[part.Person]
	for _, s := range searches {
		held.Rejected += s.beyond
	}
	held.Cut = held.Cut || q.people[part.Person].cut || q.ownerless && goesByOwner(&part.Condition)
	return held
}

// held is the reference source over what the searches found of one person.
func (q *question) held(part *sources.Part, searches []*search) (held web.Held) {
	if len(searches) > 0 && searches[0].layout.kind == clinical.KindUrgentCarePlan {
		return q.heldPlans(part.Person, searches)
	}
	theirs := map[string][]clinical.Record{} // by the id of the Patient
	for _, s := range searches {
		read := q.read(s)
		if q.mayBelong(part) {
			q.belong(part.Person, s, read)
			for _, plans := range q.planned(part.Person) {
				held.Cut = held.Cut || plans.cut
			}
		}
		held.Rejected += read.rejected
		held.Cut = held.Cut || s.cut
		for i := range read.entries {
			whose, stray := q.whose(part.Person, read.entries[i].patients)
			if stray {
				held.Rejected++
			}
			for _, id := range whose {
				if part.Kind != clinical.KindRegistration || slices.Contains(read.entries[i].patients, id) {
					theirs[id] = append(theirs[id], read.entries[i].records...)
				}
			}
		}
	}
	held.Source = q.reference(part.Person, theirs)
	return held
}

// reference is the reference source over a person's registrations with the records of each.
func (q *question) reference(number clinical.NHSNumber, records map[string][]clinical.Record) *memory.Source {
	var registrations []memory.Person
	for _, one := range q.known[number] {
		registrations = append(registrations, one.registration(number, records[one.id]))
	}
	return memory.New(q.source.options.ID, registrations...)
}

// whose are the person's registrations among patients, each once. What is of none of them is a stray, unless it is of somebody who is known to
// be another: the server gave it in answer to a question about the person, and nobody can tell that it is theirs.
func (q *question) whose(number clinical.NHSNumber, patients []string) (ids []string, stray bool) {
	identify := q.identify(number)
	stray = true
	for _, patient := range patients {
		id := identify(patient)
		stray = stray && !q.aside[id]
		if slices.ContainsFunc(q.known[number], func(one person) bool { return one.id == id }) {
			stray = false
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids, stray
}

// heldPlans is the reference source over one person's urgent care plans, which several searches make together.
func (q *question) heldPlans(number clinical.NHSNumber, searches []*search) (held web.Held) {
	for _, s := range searches {
		held.Cut = held.Cut || s.cut
	}
	d := q.decoder()
	folders, nobodys := d.folders(searches, q.identify(number))
	held.Rejected = nobodys
	for patient := range folders {
		if _, stray := q.whose(number, []string{patient}); stray {
			held.Rejected++
		}
	}
	made := d.plans(q.theirs(number, folders))
	for _, c := range made.cabinets {
		held.Rejected += c.rejected
	}
	held.Source = q.reference(number, made.records)
	return held
}

// theirs are the folders of a person's own registrations.
func (q *question) theirs(number clinical.NHSNumber, folders map[string]*folder) map[string]*folder {
	own := map[string]*folder{}
	for patient, f := range folders {
		if ids, _ := q.whose(number, []string{patient}); len(ids) > 0 {
			own[patient] = f
		}
	}
	return own
}

// identify turns the key of a patient who is named by number into that of their first registration, and that of a replaced Patient into that of
// the one to be used.
func (q *question) identify(number clinical.NHSNumber) func(patient string) string {
	return func(patient string) string {
		if known := q.known[number]; patient == byNumber+number.Reveal() && len(known) > 0 {
			return known[0].id
		}
		if last := q.merged[patient]; last != "" {
			return last
		}
		return patient
	}
}

// read decodes what a search found, once.
func (q *question) read(s *search) *reading {
	if q.decoded[s] == nil {
		q.decoded[s] = q.decoder().reading(s.layout, s.resources)
	}
	return q.decoded[s]
}

func (q *question) decoder() *decoder {
	d := q.source.decoder(q.asking.medications)
	d.origins, d.who = q.asking.origins, q.who
	return d
}

// reading decodes resources; one that comes twice is one.
func (d *decoder) reading(l *layout, resources []object) *reading {
	read := &reading{}
	seen := map[string]bool{}
	for _, resource := range resources {
		id := text(resource["id"])
		if text(resource["resourceType"]) != l.resource || seen[id] {
			continue
		}
		seen[id] = id != ""
		records, ok := d.records(l, resource)
		patients, agree := d.subjects(l, resource)
		switch {
		case !ok || !agree:
			read.rejected++
		case len(records) > 0:
			read.entries = append(read.entries, entry{records, patients})
		}
	}
	return read
}
