package consent

import (
	"bytes"
	"cmp"
	"math"
	"slices"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/embedded"
)

// topic is what a layer speaks of.
type topic uint8

const (
	topicObjection topic = iota
	topicNotify
	topicCapacity
	topicNational
	topicTypeOne
	topicLondon
	topicPreference
	topicProxy
)

// packed is how many topics can be told in the bits of one slot, see [index].
const packed = topicPreference

// ofList reports whether it is what a list says. A list speaks of a number and not of a person, so nobody needs to know which
// of two numbers it spoke of last.
func (t topic) ofList() bool { return topicNational <= t && t <= topicLondon }

// Bounds of a layer that has none.
const (
	always  = math.MinInt64
	forever = math.MaxInt64
)

// layer is one directive as far as it bears on what holds: a value on one subject for a time. It holds no pointer, so that the
// collector need not look at what people said.
type layer struct {
	from, until int64 // Unix seconds
	revision    Revision
	who         embedded.Person // of a proxy
	code        uint32          // of a party: its place in words
	topic       topic
	category    uint8 // 0 for every category, else its place in clinical.Categories, from 1
	party       uint8 // its place in parties
	value       uint8 // 0 for nothing: withdrawn, unknown, off, presumed
}

// subject compares what two layers speak of. One takes the place of the other only where it is the same.
func subject(a, b *layer) int {
	return cmp.Or(cmp.Compare(a.topic, b.topic), cmp.Compare(a.category, b.category), cmp.Compare(a.party, b.party),
		cmp.Compare(a.code, b.code), bytes.Compare(a.who[:], b.who[:]))
}

func (l *layer) holds(at int64) bool { return l.from <= at && at < l.until }

func (l *layer) covers(other *layer) bool { return l.from <= other.from && other.until <= l.until }

func (l *layer) unbounded() bool { return l.from == always && l.until == forever }

// lay adds a layer to those of a person, which stand by subject and in the order of recording within it. What it covers for
// good is gone; it stands on the rest, which shows again outside of its time.
func lay(layers []layer, added layer) []layer {
	layers = slices.DeleteFunc(layers, func(each layer) bool { return subject(&each, &added) == 0 && added.covers(&each) })
	at, under := len(layers), false
	for i := range layers {
		order := subject(&layers[i], &added)
		under = under || order == 0
		if order > 0 {
			at = i
			break
		}
	}
	if added.value == 0 && !under && added.topic.ofList() {
		return layers // nothing, said of what nothing holds; of other topics it may still hold under another number
	}
	return slices.Insert(layers, at, added)
}

// holding gives what was said last on each subject and holds at a moment, of layers that stand by subject and in the order of
// recording within it.
func holding(layers []layer, at int64, yield func(*layer)) {
	for i := 0; i < len(layers); {
		top, next := -1, i
		for ; next < len(layers) && subject(&layers[i], &layers[next]) == 0; next++ {
			if layers[next].holds(at) {
				top = next
			}
		}
		if top >= 0 {
			yield(&layers[top])
		}
		i = next
	}
}

// words keeps the codes of parties once each.
type words struct {
	all    []clinical.Text
	places map[clinical.Text]uint32
}

func (w *words) place(word clinical.Text) uint32 {
	if place, found := w.places[word]; found {
		return place
	}
	if w.places == nil {
		w.places = map[clinical.Text]uint32{}
	}
	place := uint32(len(w.all))
	w.all, w.places[word] = append(w.all, word), place
	return place
}

// The values of layers. Their order is only in memory: what is stored are the words.
func findings() [3]Capacity {
	return [...]Capacity{CapacityPresumed, CapacityCompetent, CapacityLacking}
}
func effects() [3]Effect    { return [...]Effect{"", Allow, Deny} }
func parties() [3]PartyKind { return [...]PartyKind{Anyone, Organisation, Role} }
func rights() [3]Authority  { return [...]Authority{"", Parent, Attorney} }

func objectionAfter(step Step) Objection {
	switch step {
	case Requested:
		return ObjectionRequested
	case Upheld:
		return ObjectionUpheld
	case NotUpheld:
		return ObjectionNotUpheld
	}
	return ObjectionNone
}

func topicOf(list List) topic {
	switch list {
	case ListNational:
		return topicNational
	case ListTypeOne:
		return topicTypeOne
	}
	return topicLondon
}

// layerOf is the layer of a directive about a person.
func layerOf(d *Directive, at Revision, codes *words, key func(clinical.NHSNumber) embedded.Person) layer {
	l := layer{from: always, until: forever, revision: at}
	if !d.From.IsZero() {
		l.from = d.From.Unix()
	}
	if !d.Until.IsZero() {
		l.until = d.Until.Unix()
	}
	switch about := d.About.(type) {
	case SharedRecord:
		l.topic, l.value = topicObjection, uint8(objectionAfter(about.Step))
	case Choice:
		l.topic, l.code, l.value = topicPreference, codes.place(about.Code), place(effects(), about.Effect)
		l.party, l.category = place(parties(), about.Party), uint8(slices.Index(clinical.Categories(), about.Category)+1)
	case OptOutChoice:
		l.topic, l.value = topicOf(about.List), uint8(about.Standing)
	case Notify:
		if l.topic = topicNotify; about.On {
			l.value = 1
		}
	case CapacityFinding:
		l.topic, l.value = topicCapacity, place(findings(), about.Finding)
	case ProxyChoice:
		l.topic, l.who, l.value = topicProxy, key(about.Proxy), place(rights(), about.As)
	}
	return l
}

// place is where one of three words stands.
func place[T comparable](all [3]T, word T) uint8 { return uint8(max(slices.Index(all[:], word), 0)) }

// together is what holds at a moment by the layers of each of a person's numbers: of what was said on one subject under any of
// them the last. Each list speaks of each number by itself.
func together(all [][]layer, codes *words, at time.Time) State {
	var optOuts OptOuts
	for _, layers := range all {
		optOuts = optOuts.and(state(layers, codes, at).OptOuts)
	}
	layers := slices.Concat(all...)
	slices.SortStableFunc(layers, func(a, b layer) int { return cmp.Or(subject(&a, &b), cmp.Compare(a.revision, b.revision)) })
	said := state(layers, codes, at)
	said.OptOuts = optOuts
	return said
}

// state is what holds at a moment by the layers of one number.
func state(layers []layer, codes *words, at time.Time) State {
	s := State{Capacity: CapacityPresumed}
	holding(layers, at.Unix(), func(l *layer) { s.take(l, codes) })
	slices.SortFunc(s.Preferences, func(a, b Preference) int {
		return cmp.Or(cmp.Compare(a.Category, b.Category), cmp.Compare(a.Party, b.Party), cmp.Compare(a.Code, b.Code))
	})
	return s
}

func (s *State) take(l *layer, codes *words) {
	switch l.topic {
	case topicObjection:
		s.Objection = Objection(l.value)
	case topicNational:
		s.OptOuts.National = OptOut(l.value)
	case topicTypeOne:
		s.OptOuts.TypeOne = OptOut(l.value)
	case topicLondon:
		s.OptOuts.London = OptOut(l.value)
	case topicNotify:
		s.Notify = l.value != 0
	case topicCapacity:
		s.Capacity = findings()[l.value]
	case topicPreference:
		if l.value == 0 {
			return
		}
		preference := Preference{Effect: effects()[l.value], Party: parties()[l.party], Code: codes.all[l.code]}
		if l.category > 0 {
			preference.Category = clinical.Categories()[l.category-1]
		}
		s.Preferences = append(s.Preferences, preference)
	case topicProxy:
		s.Proxies = append(s.Proxies, Proxy{Who: written(l.who), Authority: rights()[l.value], Said: l.revision})
	}
}
