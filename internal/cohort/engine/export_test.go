package engine

import (
	"fmt"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/sources"
)

// Needs writes what is needed of events in every kind of case, a case a line.
func Needs() string {
	var b strings.Builder
	bounds := []clinical.Day{clinical.NoDay, 10, 20}
	for _, upper := range []bool{false, true} {
		for _, one := range bounds {
			for _, other := range bounds {
				fmt.Fprintf(&b, "of %s and %s, upper %v: wider %s, narrower %s\n", bound(one), bound(other), upper, bound(wider(one, other, upper)), bound(narrower(one, other, upper)))
			}
		}
	}
	least, most := clinical.NoDay+1, clinical.Day(forever-1)
	for _, at := range []clinical.Day{clinical.NoDay, least, 10, most} {
		for _, days := range []int64{-forever, -11, -1, 0, 1, 11, forever} {
			fmt.Fprintf(&b, "%s moved by %d: %s\n", bound(at), days, bound(shift(at, days)))
		}
	}
	writeJoins(&b)
	writeNeedsOfHas(&b)
	writeBeneath(&b)
	return b.String()
}

func writeJoins(b *strings.Builder) {
	base := need{reduce: sources.ReduceToAny, from: 10, until: 30}
	several := []need{base, base, base, base, base, base, base, base}
	several[1].reduce, several[2].from, several[3].from, several[4].until, several[5].until = sources.ReduceToFirst, clinical.NoDay, 20, clinical.NoDay, 40
	several[6].undated, several[7].wanted = true, sources.WantMark
	for _, one := range several {
		fmt.Fprintf(b, "%s alone: %s\n", one, *join(nil, one))
		for _, other := range several {
			fmt.Fprintf(b, "%s and %s: %s\n", one, other, *join(&one, other))
		}
	}
}

func writeNeedsOfHas(b *strings.Builder) {
	for _, within := range []window{{-forever, forever}, {-5, forever}, {-forever, -1}, {-5, -1}} {
		for _, count := range [][2]int{{1, noLimit}, {2, noLimit}, {0, 0}, {1, 1}, {0, 3}} {
			for at := range 16 {
				h := has{within: within, least: count[0], most: count[1], dated: at&1 != 0, atEnd: at&2 != 0}
				if at&4 != 0 {
					h.ending = &window{0, 3}
				}
				last := clinical.Day(10)
				if at&8 != 0 {
					last = 20
				}
				fmt.Fprintf(b, "%d to %d events %d to %d days away, dated %v, at the end %v, ending %v, on 10 to %d: %s\n", count[0], count[1], within.from, within.until,
					h.dated, h.atEnd, h.ending != nil, last, needOf(h, 10, last))
			}
		}
	}
}

func writeBeneath(b *strings.Builder) {
	for _, pick := range []cohort.Pick{cohort.PickAll, cohort.PickFirst, cohort.PickLatest} {
		for at := range 128 {
			if at&3 == 2 || at&68 == 64 {
				continue // as without it
			}
			s := &set{pick: pick, from: clinical.NoDay, until: clinical.NoDay, of: []int{0}}
			if at&1 != 0 {
				s.run = 1 + at&2
			}
			if at&4 != 0 {
				s.where = isAlive(true)
			}
			if at&8 != 0 {
				s.value = &cohort.ValueTest{}
			}
			if at&16 != 0 {
				s.from, s.until = 15, 25
			}
			if at&32 != 0 {
				s.of = append(s.of, 1)
			}
			if at&4 != 0 && at&64 != 0 {
				s.inWhere = []has{{}, {atEnd: true}}
			}
			for _, n := range []need{{reduce: sources.ReduceToAny, from: 10, until: 30, undated: true}, {wanted: sources.WantValue, reduce: sources.ReduceToLast, from: 20, until: clinical.NoDay},
				{wanted: sources.WantDay | sources.WantEnd, reduce: sources.ReduceNothing, from: clinical.NoDay, until: 20}} {
				fmt.Fprintf(b, "%s run %d where %v value %v days %v of %d at the end %v, %s: recorded %s, made %s\n", pick, s.run, s.where != nil, s.value != nil,
					s.from != clinical.NoDay, len(s.of), len(s.inWhere) > 0, n, s.beneath(n, true), s.beneath(n, false))
			}
		}
	}
}

func bound(day clinical.Day) string {
	if day == clinical.NoDay {
		return "open"
	}
	return fmt.Sprint(int64(day))
}

// String is a need in a few words.
func (n need) String() string {
	return fmt.Sprintf("[%05b %d %s..%s %v]", n.wanted, n.reduce, bound(n.from), bound(n.until), n.undated)
}
