package disclosure

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/internal/embedded"
)

// Repeated is a question that may have been answered before.
type Repeated struct {
	Digest   string
	Rules    Rules  // those in force
	Basis    string // as in [Question]
	Revision string // of the policy in force
}

// Again returns the answer that a question got before; nil where it got none. Where other numbers protected it than those in force it
// is protected anew, kept, and returned: from what was counted then, so that nobody is told by a difference, whoever moved or opted
// out since; without whatever an earlier answer to it hid; and rounded from what was rounded. So it tells less than the
// project knows, is no further question of the project, and differs from none by few that it did not differ from before. It is a
// [*Refusal] where by the numbers in force it would not have been answered, or where the basis is another.
func (l *Ledger) Again(ctx context.Context, q Repeated) (*cohort.Answer, error) {
	if err := q.Rules.Check(); err != nil {
		return nil, err
	}
	if err := l.enter(ctx); err != nil {
		return nil, err
	}
	defer l.leave()
	told := l.memory.told[q.Digest]
	if told == nil {
		return nil, nil
	}
	answer, err := told.under(q.Rules, q.Basis)
	if err == nil || !told.counted(q.Basis) {
		return answer, err
	}
	return l.protectAnew(ctx, told, &q)
}

func (l *Ledger) protectAnew(ctx context.Context, told *told, q *Repeated) (*cohort.Answer, error) {
	rows, err := l.log.Read(ctx, embedded.Query{After: uint64(told.number) - 1, Limit: 1})
	if err != nil || len(rows) != 1 {
		return nil, fmt.Errorf("read what was counted: %w", err)
	}
	first, err := readEntry(rows[0].Body)
	if err != nil {
		return nil, err
	}
	counted, err := l.memory.counted(first)
	if err != nil {
		return nil, err
	}
	rules, before := q.Rules, told.before(first)
	for _, each := range told.answers {
		rules = rules.stricter(each.rules)
	}
	d := &decision{memory: l.memory, question: &Question{Counted: counted, Rules: rules}, ordinals: map[clinical.Pseudonym]uint32{}}
	if d.table, err = protectAgain(counted, &first.Answer.Definition, rules, first.Exact.Sizes, before); err != nil {
		return nil, err
	}
	d.cells = d.shown()
	if refusal := d.refusalAnew(q.Digest); refusal != nil {
		return nil, refusal
	}
	now := l.options.Now().UTC()
	answer := *first.Answer
	answer.Result, answer.PolicyRevision = d.table.result(), q.Revision
	answer.Warnings = append(slices.Clone(answer.Warnings), fmt.Sprintf("These figures were counted on %s and protected anew on %s, by the numbers "+
		"of disclosure control in force since. For later figures give the definition another version.",
		first.At.Format("2 January 2006"), now.Format("2 January 2006")))
	return &answer, l.append(ctx, &entry{Digest: first.Digest, Name: first.Name, Version: first.Version, At: now, Answer: &answer,
		Rules: &q.Rules, Basis: q.Basis, Shown: d.table.places(), Again: true})
}

// refusalAnew is why an answer that was given before may not be by the numbers in force. It is held against every question but itself:
// of itself it lacks but cells that were shown with few more people than are few now.
func (d *decision) refusalAnew(digest string) *Refusal {
	rules := d.question.Rules
	if d.memory.span.tells(rules.SmallestGroup) {
		return toldApart(rules)
	}
	others := slices.DeleteFunc(slices.Clone(d.memory.questions), func(of *question) bool { return of.digest == digest })
	divided := divisions(d.cells, d.question.Counted.Overlapping)
	if other := compare(divided, len(d.memory.ordinals), rules.SmallestDifference).nearTo(others); other != nil {
		return near(other, rules)
	}
	return nil
}

// told is what the project was told of one question: at first, and when it was protected anew.
type told struct {
	number  int // of the entry that has what was counted
	answers []toldOnce
}

type toldOnce struct {
	rules  Rules
	basis  string
	known  bool // whether it is known which rules it was protected by
	shown  []int
	answer *cohort.Answer
}

func (t *told) add(e *entry) {
	once := toldOnce{basis: e.Basis, known: e.Rules != nil, shown: e.Shown, answer: e.Answer}
	if once.known {
		once.rules = *e.Rules
	}
	t.answers = append(t.answers, once)
}

func (t *told) last() *toldOnce { return &t.answers[len(t.answers)-1] }

// under is the answer as the numbers in force protect it, or a [*Refusal].
func (t *told) under(rules Rules, basis string) (*cohort.Answer, error) {
	if !t.counted(basis) {
		return nil, elsewhere()
	}
	for _, each := range slices.Backward(t.answers) {
		if each.rules.alike(rules) {
			return each.answer, nil
		}
	}
	return nil, anew()
}

// counted reports whether what was counted left out what the basis says. Of an entry that does not say it, nobody knows.
func (t *told) counted(basis string) bool { return t.answers[0].known && t.answers[0].basis == basis }

// before is what an answer that is protected anew must not go beyond.
type before struct {
	hidden  map[string]bool // by the joined key of a cell
	roundTo []int           // in the order in which they were used
	share   int             // of one person, the largest that was let pass
}

// before gathers what earlier answers hid of what was counted.
func (t *told) before(first *entry) *before {
	b := &before{hidden: map[string]bool{}}
	for _, each := range t.answers {
		b.roundTo, b.share = append(b.roundTo, each.rules.RoundTo), max(b.share, each.rules.LargestShare)
		for i := range first.Exact.Cells {
			if !slices.Contains(each.shown, i) {
				b.hidden[joined(first.Exact.Cells[i].Key)] = true
			}
		}
	}
	return b
}

func (b *before) hid(key []string) bool { return b != nil && b.hidden[joined(key)] }

// sharesMore reports whether one person may have had more of a figure's events before. Figures that let a person have less would
// tell beside the earlier ones that there is such a person, and so would redacting those alone.
func (b *before) sharesMore(rules Rules) bool { return b != nil && b.share > rules.LargestShare }

// exact is what was counted, as it is kept: people by their ordinals.
type exact struct {
	Cells []exactCell `json:"cells,omitempty"`
	Sizes *sizes      `json:"sizes"`
}

type exactCell struct {
	Key    []string          `json:"key"`
	People []byte            `json:"people"`
	Exact  []cohort.Measured `json:"exact,omitempty"`
}

// exact is what this question counted. Everybody in it gets an ordinal.
func (d *decision) exact() (*exact, error) {
	kept := &exact{Sizes: d.sizes}
	var people []*roaring.Bitmap
	for i := range d.question.Counted.Cells {
		cell := &d.question.Counted.Cells[i]
		of := exactCell{Key: cell.Key}
		for _, each := range cell.Exact {
			each.Number, each.Lower, each.Upper = finite(each.Number), finite(each.Lower), finite(each.Upper)
			of.Exact = append(of.Exact, each)
		}
		kept.Cells, people = append(kept.Cells, of), append(people, d.bitmap(cell.People))
	}
	written, err := writeBitmaps(people)
	for i := range written {
		kept.Cells[i].People = written[i]
	}
	return kept, err
}

// finite is a number that JSON can hold. One that is none is shown as 0, or not at all.
func finite(number float64) float64 {
	if math.IsNaN(number) || math.IsInf(number, 0) {
		return 0
	}
	return number
}

// counted is what an entry counted.
func (m *memory) counted(e *entry) (*cohort.Counted, error) {
	stands := make([]clinical.Pseudonym, len(m.ordinals))
	for stand, ordinal := range m.ordinals {
		stands[ordinal] = stand
	}
	counted := &cohort.Counted{Overlapping: e.Overlapping}
	for i := range e.Exact.Cells {
		kept := &e.Exact.Cells[i]
		people, err := readBitmaps([][]byte{kept.People}, len(stands))
		if err != nil {
			return nil, err
		}
		cell := cohort.Cell{Key: kept.Key, Exact: kept.Exact}
		people[0].Iterate(func(ordinal uint32) bool {
			cell.People = append(cell.People, stands[ordinal])
			return true
		})
		slices.Sort(cell.People)
		counted.Cells = append(counted.Cells, cell)
	}
	return counted, nil
}

// places are those of the counted cells that are shown.
func (t *table) places() []int {
	at := make(map[*cohort.Cell]int, len(t.counted.Cells))
	for i := range t.counted.Cells {
		at[&t.counted.Cells[i]] = i
	}
	var places []int
	for _, line := range t.lines {
		if line.cell != nil && !line.hidden {
			places = append(places, at[line.cell])
		}
	}
	return places
}

// Gives says why an answer is not given again that other rules protected, or before which others were left out; nil where it is.
func (r Rules) Gives(protected Rules, sameBasis bool) *Refusal {
	switch {
	case !sameBasis:
		return elsewhere()
	case !r.alike(protected):
		return anew()
	}
	return nil
}
