package consent

import (
	"encoding/binary"
	"math"

	"onelondon/internal/embedded"
)

// index holds what was said of each person of whom anything was, in a table without pointers: ten million people in some 200
// MB. Most people said one or two plain things, which fit in one slot; the layers of the others lie aside.
//
// The table is cut in 256 parts, each of which grows by itself and by a quarter, so that growing never holds it twice.
type index struct {
	parts [256]part
	aside [][]layer
	free  []uint32 // places in aside that are not used
}

// part is an open-addressing table with linear probing. Nobody is ever taken out of it.
type part struct {
	slots []slot
	used  int
}

// slot is one person, by what stands for them behind the first byte, which chose the part. Two of 60 million people share those
// 88 bits with a chance of one in 10^11. The fields of [held] are spelled out: with them it takes 16 bytes, and 20 without.
type slot struct {
	person tail
	bits   bits
	number uint32
}

// tail is what a slot keeps of a person.
type tail [10]byte

func tailOf(person *embedded.Person) tail { return tail(person[1:11]) }

// held is what is held of a person. The number is the revision at which they last spoke on the topic that is dated, the only one
// of those that need a date on which they spoke; or, of who is rich, a place in aside.
type held struct {
	bits   bits
	number uint32
}

// bits are what holds for a person without bound in time: two bits a topic, from the lowest; and behind them two bits for which
// topic is dated, by its place from 1. Zero is an empty slot.
type bits uint16

const (
	taken bits = 1 << 15 // the slot is somebody's
	rich  bits = 1 << 14 // the layers lie aside
)

func (b bits) value(t topic) uint8 { return uint8(b >> (2 * t) & 3) }

// dates reports whether the number is of this topic.
func (b bits) dates(t topic) bool { return b.value(packed) == uint8(t)+1 }

// find returns the place of a person in their part, or the empty one where they would be.
func (p *part) find(person *tail) int {
	at := int(uint64(binary.BigEndian.Uint32(person[:])) * uint64(len(p.slots)) >> 32)
	for p.slots[at].bits != 0 && p.slots[at].person != *person {
		if at++; at == len(p.slots) {
			at = 0
		}
	}
	return at
}

func (x *index) look(person embedded.Person) held {
	p := &x.parts[person[0]]
	if p.used == 0 {
		return held{}
	}
	tail := tailOf(&person)
	found := &p.slots[p.find(&tail)]
	return held{found.bits, found.number}
}

func (x *index) put(person embedded.Person, is held) {
	p := &x.parts[person[0]]
	if p.used*8 >= len(p.slots)*7 {
		p.grow()
	}
	tail := tailOf(&person)
	at := p.find(&tail)
	if p.slots[at].bits == 0 {
		p.used++
	}
	p.slots[at] = slot{tail, is.bits, is.number}
}

func (p *part) grow() {
	old := p.slots
	p.slots = make([]slot, max(8, len(old)+len(old)/4))
	for i := range old {
		if old[i].bits != 0 {
			p.slots[p.find(&old[i].person)] = old[i]
		}
	}
}

// apply lays a layer on those of a person.
func (x *index) apply(person embedded.Person, added layer) {
	is := x.look(person)
	layers := lay(x.layers(is), added)
	if is.bits&rich != 0 {
		x.aside[is.number], x.free = nil, append(x.free, is.number)
	}
	x.put(person, x.keep(layers))
}

// layers gives what holds as layers, for reading alone: but for what [index.apply] takes out.
func (x *index) layers(is held) []layer {
	if is.bits&rich != 0 {
		return x.aside[is.number]
	}
	var layers []layer
	for t := range packed {
		plain := layer{from: always, until: forever, topic: t, value: is.bits.value(t)}
		if is.bits.dates(t) {
			plain.revision = Revision(is.number)
		}
		if plain.value != 0 || plain.revision != 0 {
			layers = append(layers, plain)
		}
	}
	return layers
}

// keep packs layers into one slot where they fit and puts them aside where they do not.
func (x *index) keep(layers []layer) held {
	is := held{bits: taken}
	for i := range layers {
		if !is.pack(&layers[i]) {
			return held{taken | rich, x.putAside(layers)}
		}
	}
	return is
}

// pack adds a layer and reports whether it fits.
func (h *held) pack(l *layer) bool {
	switch {
	case l.topic >= packed || !l.unbounded() || h.bits.value(l.topic) != 0:
		return false
	case l.topic.ofList():
	case h.bits.value(packed) != 0 || l.revision > math.MaxUint32:
		return false
	default:
		h.bits |= bits(l.topic+1) << (2 * packed)
		h.number = uint32(l.revision)
	}
	h.bits |= bits(l.value) << (2 * l.topic)
	return true
}

func (x *index) putAside(layers []layer) uint32 {
	if last := len(x.free) - 1; last >= 0 {
		place := x.free[last]
		x.free, x.aside[place] = x.free[:last], layers
		return place
	}
	x.aside = append(x.aside, layers)
	return uint32(len(x.aside) - 1)
}
