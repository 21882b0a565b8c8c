package sqlsource

import "onelondon/sources"

// reading is the state of reading one answer.
type reading struct {
	source  *Source
	query   *sources.Query
	limits  sources.Limits
	step    *step
	decoder decoder
	parts   []partReading
	rows    int
	bytes   int
	branch  int // number of the branch of the last row
	seen    int // rows of that branch
}

// partReading gathers one part.
type partReading struct {
	records   []placed
	branches  int // that gave rows
	most      int // rows that one branch gave at most
	rejected  int
	truncated bool
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
	l := r.step.layouts[branch]
	part := &r.parts[l.part]
	if r.seen == 0 || branch != r.branch {
		part.branches++
		r.branch, r.seen = branch, 0
	}
	r.rows++
	for _, text := range row {
		r.bytes += len(text)
	}
	if r.rows > r.limits.Rows || r.bytes > r.limits.Bytes {
		return errCapReached
	}
	r.seen++
	part.most = max(part.most, r.seen)
	record, date, ok := r.decoder.record(l, row, r.query.Parts[l.part].Person)
	if !ok {
		part.rejected++
		return nil
	}
	part.records = append(part.records, placed{record, date})
	return nil
}

func branchNumber(text string) int {
	number := 0
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return -1
		}
		number = number*10 + int(text[i]-'0')
	}
	return number
}

// cut marks the parts whose branches were not read to their end, from the last branch seen on.
func (r *reading) cut(unread []step) {
	for i := range unread {
		for number, l := range unread[i].layouts {
			if i > 0 || number >= r.branch {
				r.parts[l.part].truncated = true
			}
		}
	}
}
