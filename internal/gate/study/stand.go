package study

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"sync"

	"onelondon/internal/clinical"
	"onelondon/internal/consent"
	"onelondon/policy"
)

// people says who is in a study and what stands for them. It is safe for concurrent use.
//
// What it found of a person is remembered for a while, since a source speaks of the same person many times over; what is
// remembered never outlives the run.
type people struct {
	register Register
	locator  Locator
	left     []policy.Exclusion
	macs     sync.Pool // of hash.Hash, under the project's key
	shards   [standShards]standShard

	mu    sync.Mutex
	fault error // the register could not be read: nobody is in the study, and the run fails
}

const (
	standShards = 64
	standSlots  = 1024 // a power of two
)

// standShard remembers the last person for each place.
type standShard struct {
	mu    sync.Mutex
	slots [standSlots]stood
}

type stood struct {
	number clinical.NHSNumber
	stand  clinical.Pseudonym
	in     bool
}

func newPeople(register Register, located Locator, key [32]byte, left []policy.Exclusion) *people {
	p := &people{register: register, locator: located, left: left}
	p.macs.New = func() any { return hmac.New(sha256.New, key[:]) }
	return p
}

// stand is a sources.Stand.
func (p *people) stand(number clinical.NHSNumber) (clinical.Pseudonym, bool) {
	place := placeOf(number)
	shard := &p.shards[place%standShards]
	slot := place / standShards % standSlots
	shard.mu.Lock()
	known := shard.slots[slot]
	shard.mu.Unlock()
	if known.number == number {
		return known.stand, known.in
	}
	found := stood{number: number}
	found.stand, found.in = p.find(number)
	shard.mu.Lock()
	shard.slots[slot] = found
	shard.mu.Unlock()
	return found.stand, found.in
}

// placeOf spreads numbers over places by their digits.
func placeOf(number clinical.NHSNumber) uint64 {
	place := uint64(0)
	for _, digit := range []byte(number.Reveal()) {
		place = place*10 + uint64(digit-'0')
	}
	return place * 0x9E37_79B9_7F4A_7C15 >> 32
}

// find decides about a person anew.
func (p *people) find(number clinical.NHSNumber) (clinical.Pseudonym, bool) {
	if current, retired := p.locator.Current(number); retired {
		number = current
	}
	if !p.included(number) {
		return 0, false
	}
	return p.pseudonym(number), true
}

// included reports whether no list leaves the person out. What they said under a former number counts as well.
func (p *people) included(current clinical.NHSNumber) bool {
	numbers := append(p.locator.Former(current), current)
	state, _, err := p.register.State(numbers...)
	if err != nil {
		p.fail(err)
		return false
	}
	for _, exclusion := range p.left {
		if p.excluded(&exclusion, current, state.OptOuts) {
			return false
		}
	}
	return true
}

func (p *people) excluded(exclusion *policy.Exclusion, current clinical.NHSNumber, said consent.OptOuts) bool {
	var standing consent.OptOut
	switch exclusion.List {
	case string(consent.ListNational):
		standing = said.National
	case string(consent.ListTypeOne):
		standing = said.TypeOne
	case string(consent.ListLondon):
		standing = said.London
	case listFlag:
		return p.flagged(current)
	default:
		return true // a list that nobody here can look into leaves everybody out
	}
	return standing == consent.OptedOut || standing == consent.OptOutUnknown && exclusion.Unknown
}

// listFlag is what policy calls those whom an S-flag leaves out.
const listFlag = "s_flag"

// flagged reports whether any source has an S-flag on the person, under any number.
func (p *people) flagged(current clinical.NHSNumber) bool {
	for _, number := range append(p.locator.Former(current), current) {
		for _, holding := range p.locator.Locate(number).Holdings {
			if holding.Sensitive {
				return true
			}
		}
	}
	return false
}

func (p *people) pseudonym(current clinical.NHSNumber) clinical.Pseudonym {
	mac := p.macs.Get().(hash.Hash)
	defer p.macs.Put(mac)
	mac.Reset()
	mac.Write([]byte(current.Reveal())) // never fails
	var sum [sha256.Size]byte
	return clinical.Pseudonym(binary.BigEndian.Uint64(mac.Sum(sum[:0])))
}

func (p *people) fail(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fault == nil {
		p.fault = err
	}
}

// err is why the register could not be read, if it ever could not.
func (p *people) err() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.fault
}
