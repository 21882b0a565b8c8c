package locator

import "slices"

// The index is divided into shards by the first bits of the hash, so that a refresh replaces only shards in which a
// list has changed, and never holds the whole index twice.
const (
	shardBits  = 12
	shardCount = 1 << shardBits
	shardShift = 64 - shardBits
)

// ref is a source and one of its holdings, by number.
type ref uint32

func newRef(source, holding uint16) ref { return ref(source)<<16 | ref(holding) }

func (r ref) source() uint16  { return uint16(r >> 16) }
func (r ref) holding() uint16 { return uint16(r) }

// entry says that a source holds the person with a hash.
type entry struct {
	hash uint64
	ref  ref
}

func compareEntries(a, b entry) int {
	switch {
	case a.hash < b.hash:
		return -1
	case a.hash > b.hash:
		return 1
	}
	return int(a.ref) - int(b.ref)
}

// shard is sorted entries, 12 bytes each. It is immutable. A nil shard is empty.
type shard struct {
	hashes []uint64
	refs   []ref
}

// find returns the entries of a hash.
func (s *shard) find(hash uint64) []ref {
	if s == nil {
		return nil
	}
	from, found := slices.BinarySearch(s.hashes, hash)
	if !found {
		return nil
	}
	until := from + 1
	for until < len(s.hashes) && s.hashes[until] == hash {
		until++
	}
	return s.refs[from:until]
}

// replace returns the shard with the entries of the renewed sources replaced by list, which is sorted. Renewed is
// indexed by source number. It returns s itself if nothing changes.
func (s *shard) replace(renewed []bool, list []entry) *shard {
	old := s
	if old == nil {
		old = &shard{}
	}
	if old.agrees(renewed, list) {
		return s
	}
	kept := 0
	for _, r := range old.refs {
		if !renewed[r.source()] {
			kept++
		}
	}
	made := &shard{hashes: make([]uint64, 0, kept+len(list)), refs: make([]ref, 0, kept+len(list))}
	for i, r := range old.refs {
		if renewed[r.source()] {
			continue
		}
		for len(list) > 0 && compareEntries(list[0], entry{old.hashes[i], r}) < 0 {
			made.add(list[0])
			list = list[1:]
		}
		made.add(entry{old.hashes[i], r})
	}
	for _, e := range list {
		made.add(e)
	}
	return made
}

func (s *shard) add(e entry) {
	s.hashes = append(s.hashes, e.hash)
	s.refs = append(s.refs, e.ref)
}

// agrees reports whether the shard's entries of the renewed sources are exactly those of list.
func (s *shard) agrees(renewed []bool, list []entry) bool {
	next := 0
	for i, r := range s.refs {
		if !renewed[r.source()] {
			continue
		}
		if next == len(list) || list[next] != (entry{s.hashes[i], r}) {
			return false
		}
		next++
	}
	return next == len(list)
}
