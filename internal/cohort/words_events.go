package cohort

import (
	"fmt"
	"strings"

	"onelondon/internal/clinical"
)

// noun is how the events of a set are called: "A&E attendance", "A&E attendances", and what follows either.
type noun struct {
	one, many string
	rest      string // " at R1H on 25 November 2026"
	dated     bool   // the rest ends in days
	pick      string // "first" or "latest" where a person has one at most
}

// shortNoun is how long a noun may be that is said several times.
const shortNoun = 50

// inline reports whether a set is called by what it is. Others have a line of their own and are called by their names.
func (w *wording) inline(name string) bool {
	if !w.plain(name) {
		return false
	}
	n := w.described(w.sets[name])
	return w.used[name] == 1 || len(n.one)+len(n.rest) <= shortNoun
}

// plain reports whether what a set is can be said in one noun.
func (w *wording) plain(name string) bool {
	set := w.sets[name]
	switch {
	case set == nil || set.Run > 0 || len(set.Of) > 1 || set.Where != nil:
		return false
	case set.Kind != nil:
		return true
	case len(set.Of) == 0:
		return false
	}
	from := w.sets[set.Of[0]]
	return w.plain(set.Of[0]) && (from.Pick == "" || from.Pick == PickAll || set.Pick == "" || set.Pick == PickAll)
}

// events is the plural of a set's events.
func (w *wording) events(name string) string {
	n := w.noun(name)
	if n.pick != "" {
		return fmt.Sprintf("each person’s %s %s%s", n.pick, n.one, n.rest)
	}
	return n.many + n.rest
}

func (w *wording) noun(name string) noun {
	if !w.inline(name) {
		return noun{one: "event of " + quoted(name), many: "events of " + quoted(name)}
	}
	return w.described(w.sets[name])
}

// described says what the events of a set are, but for its Where and Run.
func (w *wording) described(set *EventSet) noun {
	var n noun
	switch {
	case set.Kind != nil:
		n = w.recorded(set)
	case len(set.Of) == 1:
		n = w.noun(set.Of[0])
	default:
		n = w.union(set)
	}
	narrowing := ""
	if set.Value != nil && set.Run == 0 {
		narrowing += " " + set.Value.words()
	}
	if days := w.days(set); days != "" {
		narrowing += " " + days
	}
	if n.pick != "" && narrowing != "" {
		narrowing = ", if it is" + narrowing
	}
	n.rest += narrowing
	n.dated = n.dated || w.days(set) != ""
	if set.Pick == PickFirst || set.Pick == PickLatest {
		n.pick = pickWord(set.Pick)
	}
	return n
}

func pickWord(pick Pick) string {
	return strings.ToLower(strings.TrimPrefix(string(pick), string(PickAll)))
}

// union is the events of several sets.
func (w *wording) union(set *EventSet) noun {
	var names []string
	for _, name := range set.Of {
		names = append(names, w.events(name))
	}
	return noun{one: "event", many: "events", rest: ", any of (" + strings.Join(names, "; ") + ")"}
}

func (w *wording) recorded(set *EventSet) noun {
	n := kindNoun(set)
	switch len(set.Codes) {
	case 0:
	case 1:
		n.rest = " with any code of " + w.list(set.Codes[0])
	default:
		var lists []string
		for _, name := range set.Codes {
			lists = append(lists, w.list(name))
		}
		n.rest = " with any code of " + joined(lists, "or of")
	}
	if len(set.Statuses) > 0 {
		n.rest += " recorded as " + joined(lowered(set.Statuses), "or")
	}
	if len(set.Organisations) > 0 {
		n.rest += " at " + joined(texts(set.Organisations), "or")
	}
	return n
}

// kindNoun is what the records of a kind, and of classes, are called.
func kindNoun(set *EventSet) noun {
	if *set.Kind == clinical.KindEncounter && len(set.Classes) > 0 {
		var one, many []string
		for _, class := range set.Classes {
			name := classNoun(class)
			one, many = append(one, name), append(many, name+"s")
		}
		return noun{one: joined(one, "or"), many: joined(many, "or")}
	}
	names := map[clinical.Kind][2]string{
		clinical.KindAllergyIntolerance: {"allergy", "allergies"}, clinical.KindCondition: {"problem or diagnosis", "problems or diagnoses"},
		clinical.KindMedication: {"medicine", "medicines"}, clinical.KindObservation: {"observation", "observations"},
		clinical.KindDiagnosticReport: {"diagnostic report", "diagnostic reports"},
		clinical.KindEncounter:        {"contact with a service", "contacts with a service"},
		clinical.KindProcedure:        {"procedure", "procedures"}, clinical.KindImmunisation: {"immunisation", "immunisations"},
		clinical.KindAppointment: {"appointment", "appointments"}, clinical.KindReferral: {"referral", "referrals"},
		clinical.KindDocument: {"document", "documents"}, clinical.KindAlert: {"alert", "alerts"},
		clinical.KindContact: {"named contact", "named contacts"}, clinical.KindCarePlan: {"care plan", "care plans"},
	}
	name := names[*set.Kind]
	return noun{one: name[0], many: name[1]}
}

func classNoun(class clinical.EncounterClass) string {
	names := map[clinical.EncounterClass]string{clinical.ClassConsultation: "GP consultation", clinical.ClassEmergency: "A&E attendance",
		clinical.ClassInpatient: "hospital stay", clinical.ClassOutpatient: "outpatient attendance",
		clinical.ClassCommunity: "community contact", clinical.ClassOther: "other contact"}
	return names[class]
}

// list names a code list; of one with codes of its own it says how many there are, as nobody can look it up.
func (w *wording) list(name string) string {
	list := w.lists[name]
	switch {
	case list == nil:
		return quoted(name)
	case list.Codes != nil:
		return fmt.Sprintf("%s (%s given here)", quoted(name), plural(len(list.Codes), "code"))
	}
	return "the list " + quoted(list.RegisteredName())
}

// words says between which numbers a value lies.
func (t *ValueTest) words() string {
	var bounds []string
	for _, bound := range []struct {
		word string
		at   *float64
	}{{"over", t.Over}, {"of at least", t.AtLeast}, {"below", t.Below}, {"at most", t.AtMost}} {
		if bound.at != nil {
			bounds = append(bounds, fmt.Sprintf("%s %v", bound.word, *bound.at))
		}
	}
	text := joined(bounds, "and")
	switch units := joined(texts(t.Units), "or"); {
	case units == "":
	case text == "":
		text = "in " + units
	default:
		text += " " + units
	}
	return text
}

// days says between which days the events of a set count.
func (w *wording) days(set *EventSet) string {
	day := func(moment *Moment) *clinical.Day {
		if moment == nil {
			return nil
		}
		on := moment.In(w.asAt)
		return &on
	}
	return between(day(set.From), day(set.Until))
}

// definition is the line of a set that is called by its name.
func (w *wording) definition(set *EventSet) string {
	n := w.described(set)
	if set.Pick == PickFirst || set.Pick == PickLatest {
		n.pick = ""
	}
	text := n.many + n.rest
	if n.pick != "" {
		text = fmt.Sprintf("each person’s %s %s%s", n.pick, n.one, n.rest)
	}
	if set.Run > 0 {
		text += fmt.Sprintf(", at which the last %d in a row were %s", set.Run, set.Value.words())
	}
	if set.Where != nil {
		text += ", each such that, on its day, they " + w.criterion(set.Where, spoken{event: true})
	}
	if pick := pickWord(set.Pick); pick != "" {
		text = "each person’s " + pick + " of the " + text
	}
	return quoted(set.Name) + " means " + text + "."
}

func lowered[T ~string](words []T) []string {
	texts := make([]string, len(words))
	for i, word := range words {
		texts[i] = strings.ToLower(strings.ReplaceAll(string(word), "_", " "))
	}
	return texts
}

func texts[T ~string](words []T) []string {
	made := make([]string, len(words))
	for i, word := range words {
		made[i] = string(word)
	}
	return made
}
