package sqlsource

import (
	"crypto/sha256"
	"encoding/binary"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"onelondon/internal/condition"
	"onelondon/sources"
	"onelondon/sources/mapping"
)

// Statement is SQL that is sent repeatedly. A [Connection] prepares it once and keeps it until told to forget it.
type Statement struct {
	SQL   string
	Width int           // columns of a row; 0 if the database decides
	Once  bool          // not worth preparing
	Long  bool          // reads a whole table, and so is exempt from the statement timeout
	Limit time.Duration // of a counting statement, on the server, if its question has no deadline

	serial    uint64
	forgotten atomic.Bool
}

// Forgotten reports whether the statement will not be used again, for connections that clean up later.
func (s *Statement) Forgotten() bool { return s.forgotten.Load() }

// Serial identifies a statement; it is unique within a source.
func (s *Statement) Serial() uint64 { return s.serial }

// plan answers every query of one shape.
type plan struct {
	steps []step
}

// step is one statement of a plan; there is nearly always only one.
type step struct {
	statement *Statement
	slots     []slot
	layouts   []*layout // by branch number
	wide      int       // maximum number of codings of a concept, for scratch space
}

// mostBranches is the maximum number of branches in a statement. SQLite accepts 500; long statements are slow to plan
// everywhere.
const mostBranches = 120

type branchOf struct {
	part   int
	set    *mapping.RecordSet
	beside []*mapping.RecordSet // read in the same branch, see gather
}

// codings counts the codes that are read from each row.
func (b *branchOf) codings() (count int) {
	for _, set := range append([]*mapping.RecordSet{b.set}, b.beside...) {
		if concept := set.Fields["code"].Concept; concept != nil {
			count += len(concept.Codings)
		}
	}
	return count
}

// draft plans a query.
func (s *Source) draft(query *sources.Query) *plan {
	var branches []branchOf
	for i := range query.Parts {
		sets := s.mapping.Records[query.Parts[i].Kind]
		for j := range sets {
			if query.Parts[i].Filter.OfPlan && sets[j].Fields[planField].Value == nil {
				continue // none of its records is part of a plan
			}
			branches = append(branches, branchOf{part: i, set: &sets[j]})
		}
	}
	p := &plan{}
	for _, chunk := range s.chunked(query, s.gather(query, branches), 0) {
		if step := s.step(query, chunk); len(step.layouts) > 0 {
			p.steps = append(p.steps, step)
		}
	}
	return p
}

// chunked distributes branches over statements, in order. Each coding may be looked up a number of times, in addition
// to the lookups of the conditions.
func (s *Source) chunked(query *sources.Query, branches []branchOf, more int) (chunks [][]branchOf) {
	begin, lookups, parameters := 0, 0, 0
	for i, branch := range branches {
		own := (2*lookupsOf(query.Parts[branch.part].Condition) + more) * branch.codings() // of a row, and of the others of its record
		values := parametersOf(&query.Parts[branch.part])
		full := s.dialect.MostLookups > 0 && lookups+own > s.dialect.MostLookups ||
			s.dialect.MostParameters > 0 && parameters+values > s.dialect.MostParameters
		if i > begin && (full || i-begin == mostBranches) {
			chunks, begin, lookups, parameters = append(chunks, branches[begin:i]), i, 0, 0
		}
		lookups += own
		if i == begin || branches[i-1].part != branch.part { // the branches of a part share their values
			parameters += values
		}
	}
	if begin < len(branches) {
		chunks = append(chunks, branches[begin:])
	}
	return chunks
}

// parametersOf is the maximum number of values that a part adds to a statement.
func parametersOf(part *sources.Part) int {
	count := 10 + len(part.Filter.Statuses) + 2*len(part.Filter.Codes) // the caller, the person, the range, the position, the limit
	for _, clause := range part.Condition.Clauses() {
		for i := range clause {
			count += 2 + len(clause[i].Values) // and code lists
		}
	}
	return count
}

// lookupsOf counts how often a condition looks up a code in a list.
func lookupsOf(released condition.Condition) (count int) {
	for _, clause := range released.Clauses() {
		together := together(clause)
		if together != nil {
			count++
		}
		for i := range clause {
			if clause[i].Codes != nil && (together == nil || !mustBeFree(&clause[i])) {
				count++
			}
		}
	}
	return count
}

func (s *Source) step(query *sources.Query, branches []branchOf) step {
	made := step{}
	codes := listsOf(query)
	with := s.unpack(codes, &made.slots)
	caller := len(made.slots)
	if s.dialect.CallerRow != "" {
		made.slots = append(made.slots, slot{value: slotCaller})
	}
	var first string
	if s.dialect.CallerFirst != "" {
		made.slots = append(made.slots, slot{value: slotCaller})
		first = strings.Replace(s.dialect.CallerFirst, "%", s.dialect.placeholder(caller+1), 1)
	}
	var writers []*brancher
	width := columnFirst
	for _, branch := range branches {
		b := &brancher{source: s.writing(branch.set), set: branch.set, part: branch.part, asked: &query.Parts[branch.part], slots: &made.slots, lists: codes}
		if b.lay(branch) {
			writers = append(writers, b)
			width = max(width, columnFirst+len(b.layout.selects))
		}
	}
	var sql []string
	if s.dialect.CallerRow != "" {
		sql = append(sql, s.callerRow(caller+1, width))
	}
	for _, b := range writers {
		before := len(made.slots)
		text := b.write(strconv.Itoa(len(made.layouts)), width)
		if text == "" {
			made.slots = made.slots[:before]
			continue
		}
		sql = append(sql, text)
		made.layouts = append(made.layouts, b.layout)
		made.wide = max(made.wide, b.layout.codings)
	}
	made.statement = &Statement{SQL: first + with + strings.Join(sql, "\nUNION ALL\n") + s.dialect.oneByOne(), Width: width, serial: s.serials.Add(1)}
	return made
}

// lay chooses the branch's columns; it returns false if the branch can release nothing.
func (b *brancher) lay(branch branchOf) bool {
	s := b.source
	if tieLabels(b.asked) != nil {
		b.layout = s.layTies(branch.part, branch.set)
		b.used = b.layout.used
		return b.ties(branch)
	}
	merged := len(s.mapping.Records[b.asked.Kind]) > 1
	b.layout = s.lay(branch.part, branch.set, b.asked.Fields, merged)
	b.used = b.layout.used
	return true
}

// callerRow is an additional first row that belongs to no branch.
func (s *Source) callerRow(placeholder, width int) string {
	row := strings.ReplaceAll(s.dialect.CallerRow, "%", s.dialect.placeholder(placeholder))
	return "SELECT '', " + s.dialect.exact(row) + strings.Repeat(", NULL", width-columnFirst)
}

// serials numbers statements.
type serials = atomic.Uint64

// shapeKey is the SHA-256 of a query's shape, so that caches need not keep shapes of a thousand bytes.
type shapeKey [sha256.Size]byte

func (s *Source) key(query *sources.Query) shapeKey {
	space := s.shapes.Get().(*[]byte)
	defer s.shapes.Put(space)
	*space = s.shape((*space)[:0], query)
	return sha256.Sum256(*space)
}

// shape appends everything in a query on which its statement's text depends, and nothing else.
func (s *Source) shape(key []byte, query *sources.Query) []byte {
	known := listsOf(query)
	for i := range query.Parts {
		part := &query.Parts[i]
		key = append(key, byte(part.Kind))
		key = binary.LittleEndian.AppendUint64(key, uint64(part.Fields))
		key = append(key, byte(turnOf(s.id, part.After)), flag(!part.Filter.From.IsZero())|flag(!part.Filter.Until.IsZero())<<1|flag(part.Filter.OfPlan)<<2)
		key = binary.AppendUvarint(key, uint64(len(part.Filter.Statuses)))
		key = binary.AppendUvarint(key, uint64(len(part.Filter.Codes)))
		for j := range part.Filter.Codes {
			key = binary.AppendUvarint(key, uint64(firstOf(part.Filter.Codes, part.Filter.Codes[j].System)))
			key = append(key, flag(part.Filter.Codes[j].System == ""))
		}
		if part.Ties {
			key = append(key, 't', byte(tieGroup(query, i)))
		}
		if i > 0 && part.Condition.Is(query.Parts[i-1].Condition) {
			key = append(key, 2) // same as the previous part: probes share one condition, as do most kinds of a chart
			continue
		}
		key = s.shapeOf(key, part.Condition, known)
	}
	return key
}

func flag(yes bool) byte {
	if yes {
		return 1
	}
	return 0
}

func (s *Source) shapeOf(key []byte, released condition.Condition, known lists) []byte {
	key = append(key, flag(released.IsAlways()))
	key = binary.AppendUvarint(key, uint64(len(released.Clauses())))
	for _, clause := range released.Clauses() {
		key = binary.AppendUvarint(key, uint64(len(clause)))
		for i := range clause {
			atom := &clause[i]
			key = binary.AppendUvarint(key, uint64(len(atom.Attribute)))
			key = append(key, atom.Attribute...)
			key = append(key, byte(atom.Op))
			key = binary.AppendUvarint(key, uint64(len(atom.Values)))
			for _, value := range atom.Values {
				key = append(key, typeByte(value))
			}
			if atom.Attribute == condition.Source {
				key = append(key, flag(s.satisfies(atom)))
			}
			key = known.shape(key, atom.Codes)
		}
		key = known.shape(key, together(clause))
	}
	return key
}

func typeByte(value condition.Value) byte {
	if value.IsText() { // nearly always
		return 't'
	}
	if yes, is := value.Get().(bool); is {
		// For a label that is constant in a mapping, the value determines which branches are written.
		return 'n' + flag(yes)
	}
	return 'd'
}
