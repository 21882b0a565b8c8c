package fhir

import (
	"context"
	"maps"
	"slices"
	"strings"

	"onelondon/internal/clinical"
)

// Hospitals merge: of two Patients of one person, one is to be used from then on (link replaced-by, and replaces at the other end), and what was
// written about the other is moved, or stays where it was. What stayed is the person's where both Patients have the same NHS number in use.
// Where they do not, or where the one to be used is not there, nobody is shown it: that there is something is told on the source's line. So is
// what is held of any other Patient that one of theirs points to as the same person (replaces, seealso) and that has no NHS number.

// mostLinked is how many other Patients one person's are asked about; more are told of unseen.
const mostLinked = 20

// settled are the ids of replaced Patients, each with the one of known that is to be used in its place. One whose links lead anywhere else is not
// among them, nor one with an S-flag that the other lacks.
func settled(replaced, known []person) map[string]string {
	byID := map[string]*person{}
	for _, all := range [][]person{replaced, known} {
		for i := range all {
			byID[all[i].id] = &all[i]
		}
	}
	into := map[string]string{}
	for i := range replaced {
		if last := lastOf(&replaced[i], byID, map[string]bool{}); last != nil && (last.sensitive || !replaced[i].sensitive) {
			into[replaced[i].id] = last.id
		}
	}
	return into
}

// lastOf follows links to the Patient to be used; nil where they lead to several, to one of another number or none, or in a circle.
func lastOf(one *person, byID map[string]*person, seen map[string]bool) *person {
	if !one.replaced() {
		return one
	}
	if seen[one.id] {
		return nil
	}
	seen[one.id] = true
	defer delete(seen, one.id)
	var last *person
	for _, id := range one.replacedBy {
		next := byID[id]
		if next == nil || next.number != one.number {
			return nil
		}
		if next = lastOf(next, byID, seen); next == nil || last != nil && last.id != next.id {
			return nil
		}
		last = next
	}
	return last
}

// linked are the ids of Patients that some of the person's point to and that no search has found.
func (q *question) linked(number clinical.NHSNumber) []string {
	met := map[string]bool{}
	for _, resource := range q.people[number].resources {
		met[text(resource["id"])] = true
	}
	others := map[string]bool{}
	for _, one := range slices.Concat(q.known[number], q.replaced[number]) {
		for _, id := range slices.Concat(one.linked, one.replacedBy) {
			if id != "" && !met[id] && !elsewhere(id) {
				others[id] = true
			}
		}
	}
	return sortedKeys(others)
}

// lookBeyond asks whether Patients without an NHS number, that the server says are the same person, hold anything of what is asked for. That it
// cannot be found out is told as if they did.
func (q *question) lookBeyond(ctx context.Context) {
	who, ids := map[clinical.NHSNumber]*search{}, map[clinical.NHSNumber][]string{}
	for number := range q.people {
		all := q.linked(number)
		q.beyond[number] += max(0, len(all)-mostLinked)
		if ids[number] = all[:min(len(all), mostLinked)]; len(all) > 0 {
			who[number] = q.source.named("Patient", "id,meta,identifier,link", ids[number])
		}
	}
	if len(who) == 0 {
		return
	}
	failed := q.send(ctx, slices.Collect(maps.Values(who))) != nil
	again := map[*search]*search{} // by what was asked of the person
	for number, found := range who {
		nobodys := unnumbered(ids[number], found.resources, number)
		for _, s := range q.all {
			if s.whose == number && s.layout.kind != clinical.KindRegistration && len(nobodys) > 0 {
				again[s] = s.about(nobodys)
			}
		}
	}
	failed = failed || len(again) > 0 && q.send(ctx, slices.Collect(maps.Values(again))) != nil
	for s, found := range again {
		if s.beyond = len(found.resources); failed {
			s.beyond = 1
		}
	}
}

// unnumbered are those of some ids whose Patient is not somebody's of another NHS number, nor made for tests.
func unnumbered(ids []string, patients []object, number clinical.NHSNumber) []string {
	others := map[string]bool{}
	for _, resource := range patients {
		one, ok := personOf(resource)
		others[text(resource["id"])] = !ok || !one.number.IsZero() && one.number != number
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return others[id] })
}

// about is the search asked of other Patients, to know whether there is anything.
func (s *search) about(ids []string) *search {
	params := maps.Clone(s.params)
	for _, key := range []string{"patient.identifier", "_include", "_revinclude"} {
		params.Del(key)
	}
	named := make([]string, len(ids))
	for i, id := range ids {
		named[i] = "Patient/" + id
	}
	params.Set("patient", strings.Join(named, ","))
	params.Set("_count", "1")
	return &search{layout: s.layout, resource: s.resource, params: params, one: true}
}
