package scaffold

import (
	"hash/maphash"
	"strconv"
	"strings"
	"time"

	"onelondon/internal/clinical"
)

// Stats is what is kept of a column's sample: how many values look like what. It holds no value.
type Stats struct {
	Filled   int // values that are neither null nor empty
	Distinct int // of the filled, counted up to mostDigests

	NHSPlain, NHSSpaced int // valid by modulus 11, without and with blanks
	SNOMED              int // valid check digit and partition
	ICD10, OPCS4        int // the shape, J45.9 and W40.1
	Read                int // five places, the last of them dots: a Read or CTV3 code
	GUID                int
	Whole, Number       int // whole numbers; any number
	Truth               int // a word of yes and no
	Day, Moment         int // YYYY-MM-DD; the same with a time
	UK, Compact         int // DD/MM/YYYY; YYYYMMDD
	Clock               int // hh:mm[:ss]
	Postcode            int
	ODS                 int // the shape of an ODS code: a letter, a digit, two to four letters or digits
	Long                int // more than 30 letters: words that somebody wrote

	Sentinels map[string]int // days that mean no date in many systems, of a short list
	Words     map[string]int // words of our own list, as the column spells them
	Prefixes  map[string]int // names of terminologies, with the sign after them, that stand before codes: SNOMED!

	least, most float64 // of the whole numbers
	seed        maphash.Seed
	digests     map[uint64]struct{}
	sample      []string // some values, to ask the database about; dropped by forget
}

const (
	mostDigests = 2000
	mostAsked   = 12
)

// sentinels are days that systems write where there is no date.
func sentinels() []string {
	return []string{"1900-01-01", "1899-12-30", "1899-12-31", "1753-01-01", "0001-01-01", "1800-01-01", "2100-12-31", "9999-12-31", "3000-12-31", "2099-12-31"}
}

// observer looks at samples. All columns of a catalogue share its seed, so that their digests can be compared.
type observer struct {
	seed  maphash.Seed
	words map[string]bool
}

func newObserver() *observer { return &observer{seed: maphash.MakeSeed(), words: vocabulary()} }

// look takes in one value.
func (o *observer) look(s *Stats, value string) {
	value = strings.TrimSpace(value)
	if value == "" {
		return
	}
	s.Filled++
	o.remember(s, value)
	count(&s.NHSPlain, len(value) == 10 && validNumber(value))
	count(&s.NHSSpaced, len(value) == 12 && (value[3] == ' ' || value[3] == '-') && validNumber(value))
	whole := digits(strings.TrimPrefix(value, "-"))
	count(&s.Whole, whole)
	count(&s.Number, whole || number(value))
	if n, err := strconv.ParseFloat(value, 64); whole && err == nil {
		if s.Whole == 1 {
			s.least, s.most = n, n
		}
		s.least, s.most = min(s.least, n), max(s.most, n)
	}
	count(&s.SNOMED, whole && isSNOMED(value))
	count(&s.ICD10, isICD10(value))
	count(&s.OPCS4, isOPCS4(value))
	count(&s.Read, isRead(value))
	count(&s.GUID, isGUID(value))
	count(&s.Truth, truths[strings.ToLower(value)])
	count(&s.Clock, isClock(value))
	count(&s.Postcode, isPostcode(value))
	count(&s.ODS, isODS(value))
	count(&s.Long, len(value) > 30)
	o.date(s, value)
	if o.words[strings.ToLower(value)] {
		tally(&s.Words, value)
	}
	if at := strings.IndexAny(value, "!|:"); at > 0 {
		if _, known := terminologies()[strings.ToLower(value[:at])]; known {
			tally(&s.Prefixes, value[:at+1])
		}
	}
}

func tally(into *map[string]int, word string) {
	if *into == nil {
		*into = map[string]int{}
	}
	(*into)[strings.Clone(word)]++
}

func (o *observer) remember(s *Stats, value string) {
	if s.digests == nil {
		s.digests, s.seed = map[uint64]struct{}{}, o.seed
	}
	digest := maphash.String(o.seed, value)
	if _, known := s.digests[digest]; known || len(s.digests) == mostDigests {
		return
	}
	s.digests[digest] = struct{}{}
	s.Distinct++
	if len(s.sample) < mostAsked {
		s.sample = append(s.sample, strings.Clone(value))
	}
}

func (o *observer) date(s *Stats, value string) {
	day := value
	if len(value) > 10 && (value[10] == ' ' || value[10] == 'T') {
		day = value[:10]
	}
	if _, err := time.Parse("2006-01-02", day); err == nil {
		count(&s.Day, len(value) == 10)
		count(&s.Moment, len(value) > 10)
		s.sentinel(day)
		return
	}
	if _, err := time.Parse("02/01/2006", day); err == nil {
		s.UK++
		return
	}
	if _, err := time.Parse("20060102", value); err == nil && value > "18000101" && value < "2101" {
		s.Compact++
	}
}

func (s *Stats) sentinel(day string) {
	for _, known := range sentinels() {
		if day == known {
			tally(&s.Sentinels, known)
		}
	}
}

func count(into *int, is bool) {
	if is {
		*into++
	}
}

// mostly reports whether nearly all filled values are counted in n, of at least a few.
func (s *Stats) mostly(n int) bool { return s.Filled > 0 && float64(n) >= 0.8*float64(s.Filled) }

// unique reports whether no value was seen twice, in a sample that says something.
func (s *Stats) unique() bool { return s.Filled > 0 && s.Distinct == s.Filled }

// dense reports whether a column counts up, or nearly: that it holds another's numbers then says little.
func (s *Stats) dense() bool { return s.mostly(s.Whole) && s.most-s.least < 4*float64(s.Distinct) }

// dates is how many values are a date of any form.
func (s *Stats) dates() int { return s.Day + s.Moment + s.UK + s.Compact }

// among compares samples by their digests.
func (s *Stats) among(other *Stats) Found {
	found := Found{Asked: len(s.digests)}
	for digest := range s.digests {
		if _, there := other.digests[digest]; there {
			found.Found++
		}
	}
	return found
}

func validNumber(value string) bool {
	_, err := clinical.ParseNHSNumber(strings.NewReplacer(" ", "", "-", "").Replace(value))
	return err == nil
}
