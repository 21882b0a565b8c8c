package consent

import (
	"encoding/binary"

	"onelondon/internal/embedded"
)

// index holds what was said of each person of whom anything was, in a table without pointers: ten million people in some 200
// MB. Most people said one or two plain things, which fit in the bits of one number; the layers of the others lie aside.
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

// slot is one person, by the first 96 bits of what stands for them: two of 60 million people share those with a chance of one
// in 10^13.
type slot struct {
	person [12]byte
	holds  bits
}

// bits are what holds for a person without bound in time: two bits a topic, from the lowest. Zero is an empty slot.
type bits uint32

const (
	taken  bits = 1 << 31          // the slot is somebody's
	rich   bits = 1 << 30          // the lower bits are a place in aside
	places      = uint32(rich) - 1 // what is left for a place
)

func (b bits) value(t topic) uint8 { return uint8(b >> (2 * t) & 3) }

// find returns the place of a person in their part, or the empty one where they would be.
func (p *part) find(person *[12]byte) int {
	// The first byte chose the part; the next four choose the place.
	at := int(uint64(binary.BigEndian.Uint32(person[1:])) * uint64(len(p.slots)) >> 32)
	for p.slots[at].holds != 0 && p.slots[at].person != *person {
		if at++; at == len(p.slots) {
			at = 0
		}
	}
	return at
}

func (x *index) look(person embedded.Person) bits {
	p := &x.parts[person[0]]
	if p.used == 0 {
		return 0
	}
	return p.slots[p.find((*[12]byte)(person[:12]))].holds
}

func (x *index) put(person embedded.Person, holds bits) {
	p := &x.parts[person[0]]
	if p.used*8 >= len(p.slots)*7 {
		p.grow()
	}
	at := p.find((*[12]byte)(person[:12]))
	if p.slots[at].holds == 0 {
		p.used++
		copy(p.slots[at].person[:], person[:])
	}
	p.slots[at].holds = holds
}

func (p *part) grow() {
	old := p.slots
	p.slots = make([]slot, max(8, len(old)+len(old)/4))
	for i := range old {
		if old[i].holds != 0 {
			p.slots[p.find(&old[i].person)] = old[i]
		}
	}
}

// apply lays a layer on those of a person.
func (x *index) apply(person embedded.Person, added layer) {
	held := x.look(person)
	layers := lay(x.layers(held), added)
	if held&rich != 0 {
		place := uint32(held) & places
		x.aside[place], x.free = nil, append(x.free, place)
	}
	x.put(person, x.keep(layers))
}

// layers gives what holds as layers, which are the caller's.
func (x *index) layers(held bits) []layer {
	if held&rich != 0 {
		return x.aside[uint32(held)&places]
	}
	var layers []layer
	for t := range packed {
		if value := held.value(t); value != 0 {
			layers = append(layers, layer{from: always, until: forever, topic: t, value: value})
		}
	}
	return layers
}

// keep packs layers into bits where they fit and puts them aside where they do not.
func (x *index) keep(layers []layer) bits {
	held := taken
	for i := range layers {
		l := &layers[i]
		if l.topic >= packed || !l.unbounded() || held.value(l.topic) != 0 {
			return taken | rich | bits(x.putAside(layers))
		}
		held |= bits(l.value) << (2 * l.topic)
	}
	return held
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
