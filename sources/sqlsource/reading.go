package sqlsource

import (
	"strconv"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

// reading is the state of reading one answer.
type reading struct {
	source  *Source
	query   *sources.Query
	limits  sources.Limits
	step    *step
	decoder decoder
	parts   []partReading
	needed  []int // records wanted for each part
	rows    int
	bytes   int

	branch int           // number of the current branch, -1 before the first
	seen   int           // rows of that branch
	kept   int           // records made from them
	last   clinical.Text // identifier of the last of those

	standing map[clinical.Text]clinical.Record // substitutes made in a branch of ties, by identifier
}

// partReading collects one part.
type partReading struct {
	records   []placed
	branches  int // that yielded rows
	rejected  int
	short     bool // a branch reached its limit with rows that yielded no record, so there may be more
	truncated bool // a cap was reached
}

func (r *reading) begin(s *step) {
	r.step, r.branch = s, -1
	r.decoder = decoder{source: r.source.id, codings: make([]clinical.Coding, 0, s.wide)}
}

// enter notes that the rows of another branch begin.
func (r *reading) enter(branch int) {
	r.endBranch()
	r.branch, r.seen, r.kept, r.last = branch, 0, 0, ""
	clear(r.standing)
	r.parts[r.step.layouts[branch].part].branches++
}

func (r *reading) endBranch() {
	if r.branch < 0 {
		return
	}
	number := r.step.layouts[r.branch].part
	if r.seen >= r.query.Parts[number].Limit && r.kept < r.needed[number] {
		r.parts[number].short = true
	}
}

// row takes one row, or ends the reading at a cap.
func (r *reading) row(row []string) error {
	number := row[columnBranch]
	if number == "" {
		return nil // the caller's row
	}
	branch := branchNumber(number)
	if branch < 0 || branch >= len(r.step.layouts) {
		return nil
	}
	if branch != r.branch {
		r.enter(branch)
	}
	r.rows++
	for _, text := range row {
		r.bytes += len(text)
	}
	if r.rows > r.limits.Rows || r.bytes > r.limits.Bytes {
		return errCapReached
	}
	r.seen++
	l := r.step.layouts[branch]
	part := &r.parts[l.part]
	record, date, ok := r.decoder.record(l, row)
	switch {
	case !ok:
		part.rejected++
	case r.query.Parts[l.part].Ties && r.joins(record):
	case record.About().ID != r.last: // a join that matches a row twice adds no second record
		r.last = record.About().ID
		r.kept++
		part.records = append(part.records, placed{record, date})
	}
	return nil
}

// joins adds the labels in a row to the substitute made from an earlier row of the same record, and reports whether
// that is sufficient. If the two have different ties, or carry labels by codes, the row becomes a substitute of its
// own.
func (r *reading) joins(record clinical.Record) bool {
	meta := record.About()
	known, again := r.standing[meta.ID]
	if !again {
		if r.standing == nil {
			r.standing = map[clinical.Text]clinical.Record{}
		}
		r.standing[meta.ID] = record
		return false
	}
	of := known.About()
	of.Labels.Join(meta.Labels)
	if meta.Code.IsZero() && of.Encounter == meta.Encounter && of.Problem == meta.Problem && of.Appointment == meta.Appointment {
		return true
	}
	meta.ID += clinical.Text("\x1f" + strconv.Itoa(r.seen)) // not an identifier of the source's
	return false
}

func branchNumber[Text ~string | ~[]byte](text Text) int {
	number := 0
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return -1
		}
		number = number*10 + int(text[i]-'0')
	}
	return number
}

// cut marks the parts whose branches were not read to their ends, from the current branch on.
func (r *reading) cut(unread []step) {
	for i := range unread {
		for number, l := range unread[i].layouts {
			if i > 0 || number >= r.branch {
				r.parts[l.part].truncated = true
			}
		}
	}
}
