package scaffold

import (
	"slices"

	"onelondon/internal/clinical"
)

// whole finds the record of which the base table's row says more: the one that its own key, or its code, points at.
func (s *scope) whole() (Link, bool) {
	if s.nested {
		return Link{}, false
	}
	for j, words := range s.g.columns[s.base] {
		for _, link := range s.g.links[Place{s.base, j}] {
			own := len(s.g.keys[s.base]) > 0 && s.g.keys[s.base][0] == j || words["code"] && words["id"]
			if own && link.To.Table != s.base && link.To.Table != s.g.person.table && s.recordTable(link.To.Table) && link.Confidence >= 0.7 {
				return link, true
			}
		}
	}
	return Link{}, false
}

// inside does something in the scope of a joined table.
func (s *scope) inside(link Link, do func(inner *scope) claim) claim {
	before := len(s.joins)
	inner := &scope{g: s.g, base: link.To.Table, alias: s.follow(link, true), joined: s.joined, nested: true}
	inner.aliases = s.aliases
	inner.joins = s.joins
	value := do(inner)
	s.aliases, s.joins = inner.aliases, inner.joins
	if value.value == "" {
		s.unfollow(link, before)
		return claim{}
	}
	value.sure *= link.Confidence
	value.reason += "; in " + s.g.c.Tables[link.To.Table].Name + ", of which the row is part"
	return value
}

func (s *scope) fieldOfWhole(field *fieldGuide, words []string) claim {
	link, ok := s.whole()
	if !ok {
		return claim{}
	}
	return s.inside(link, func(inner *scope) claim {
		if c, found := s.g.choose(inner.base, words, field); found {
			return inner.value(c, field)
		}
		return claim{}
	})
}

// fieldOfSession looks for a field in what a row is part of: the session of a slot, the clinic of an appointment.
func (s *scope) fieldOfSession(kind clinical.Kind, field *fieldGuide, words []string) claim {
	for j := range s.g.c.Tables[s.base].Columns {
		for _, link := range s.g.links[Place{s.base, j}] {
			if kind != clinical.KindAppointment || link.To.Table == s.base || field.want == wantDate || field.name == "author" || !s.g.bags[link.To.Table].any("session", "schedule", "clinic", "rota") {
				continue
			}
			found := s.inside(link, func(inner *scope) claim {
				if c, ok := s.g.choose(inner.base, append(slices.Clone(words), "session", "schedule"), field); ok {
					return inner.value(c, field)
				}
				return claim{}
			})
			if found.value != "" {
				return found
			}
		}
	}
	return claim{}
}

// records lists the links of the base table to other records of the person, the surest first.
func (s *scope) records(from candidate) []Link {
	var links []Link
	for j := range s.g.c.Tables[s.base].Columns {
		for _, link := range s.g.links[Place{s.base, j}] {
			if link.To.Table != s.g.person.table && link.To.Table != s.base && s.recordTable(link.To.Table) && !link.Blind && link.Confidence >= 0.6 {
				links = append(links, link)
			}
		}
	}
	slices.SortStableFunc(links, func(a, b Link) int { return compare(b.Confidence, a.Confidence) })
	return links
}

// refers finds what a row hangs together with: a link to a table that holds that kind.
func (s *scope) refers(field string) claim {
	kind := map[string]clinical.Kind{"encounterId": clinical.KindEncounter, "problemId": clinical.KindCondition, "appointmentId": clinical.KindAppointment}[field]
	best := Link{}
	for rank, one := range s.g.kinds[kind] {
		if rank == mostSets || one.table == s.base {
			continue
		}
		for j, words := range s.g.columns[s.base] {
			if words.any("patient", "person", "parent", "status", "type", "organisation", "staff") {
				continue
			}
			for _, link := range s.g.links[Place{s.base, j}] {
				if link.To.Table == one.table && !link.Blind && link.Confidence-0.02*float64(rank) > best.Confidence {
					best = link
				}
			}
		}
	}
	if best.Confidence == 0 || slices.Contains(s.g.keys[s.base][:min(1, len(s.g.keys[s.base]))], best.From.Column) {
		if link, ok := s.whole(); ok && best.Confidence == 0 {
			if c := s.inside(link, func(inner *scope) claim { return inner.refers(field) }); c.value != "" {
				return c
			}
		}
		if field == "appointmentId" {
			return s.appointmentOf()
		}
		return claim{}
	}
	return claim{s.column(best.From), best.Confidence, best.Reason}
}

// appointmentOf asks the encounter of a row, where that knows its appointment.
func (s *scope) appointmentOf() claim {
	for j := range s.g.c.Tables[s.base].Columns {
		for _, link := range s.g.links[Place{s.base, j}] {
			if link.To.Table == s.base || !slices.ContainsFunc(s.g.kinds[clinical.KindEncounter], func(c candidate) bool { return c.table == link.To.Table }) {
				continue
			}
			for _, appointment := range s.g.kinds[clinical.KindAppointment] {
				second, ok := s.g.between(link.To.Table, appointment.table)
				if ok && s.g.columns[link.To.Table][second.From.Column]["appointment"] {
					return claim{reference(s.follow(link, true), s.g.c.name(second.From)), link.Confidence * second.Confidence, "known to the encounter; " + second.Reason}
				}
			}
		}
	}
	return claim{}
}
