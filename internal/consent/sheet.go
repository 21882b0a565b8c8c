package consent

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"onelondon/internal/clinical"
)

// sheet is a form of CSV in which each line is a directive.
type sheet struct {
	headers [][]string // any of them; the first is the one that is exported
	read    func(fields []string, what *Import) (Directive, string)
	write   func(d *Directive) []string // nil for what the form has no words for
}

func sheets() map[Form]sheet {
	return map[Form]sheet{
		Objections: {[][]string{{"nhs_number", "objection", "reason", "recorded_by", "date"}}, readObjection, writeObjection},
		TypeOne:    {[][]string{{"nhs_number", "state", "date"}}, readTypeOne, writeTypeOne},
		Proxies: {[][]string{{"nhs_number", "proxy_nhs_number", "authority", "name", "from", "until", "reason", "evidence", "recorded_by", "date"}},
			readProxy, writeProxy},
		Capacities: {[][]string{{"nhs_number", "finding", "from", "until", "reason", "evidence", "recorded_by", "date"}},
			readCapacity, writeCapacity},
		IDecide: {[][]string{{"NhsNumber", "PatientInstructionCategory", "PatientInstructionState", "InstructionDate"},
			{"DecisionId", "NhsNumber", "PatientInstructionCategory", "PatientInstructionState", "InstructionDate"}}, readDecision, writeDecision},
	}
}

// sheet finds every bad line of a CSV file, and gives the directives of one that has none.
func (i *importing) sheet() (giving, error) {
	err := i.eachLine(func(d *Directive, line int, fault string) error {
		i.lines++
		if fault == "" {
			fault = d.fault(i.now)
		}
		if fault != "" {
			i.bad(LineError{Line: line, Fault: fault})
		}
		if i.lines%progressLines == 0 {
			i.progress("checked", i.lines)
		}
		return nil
	})
	if err == nil {
		err = i.verdict()
	}
	if err != nil {
		return nil, err
	}
	return func(yield func(*Directive) error) error {
		return i.eachLine(func(d *Directive, _ int, fault string) error {
			if fault != "" {
				return errChanged
			}
			return yield(d)
		})
	}, nil
}

// eachLine visits every line of the file, from its beginning, with what is wrong with it.
func (i *importing) eachLine(visit func(d *Directive, line int, fault string) error) error {
	if err := rewind(i.what.File); err != nil {
		return err
	}
	form, what := sheets()[i.what.Form], *i.what
	reader := csv.NewReader(i.what.File)
	reader.FieldsPerRecord = -1 // a line too short is ours to report, like any other
	reader.ReuseRecord = true
	width, err := readHeader(reader, form.headers)
	if err != nil {
		return i.headless(err)
	}
	for {
		fields, err := reader.Read()
		var malformed *csv.ParseError
		switch {
		case err == io.EOF:
			return nil
		case errors.As(err, &malformed):
			err = visit(nil, malformed.StartLine, "not CSV: "+malformed.Err.Error())
		case err != nil:
			return unreadable(err)
		default:
			line, _ := reader.FieldPos(0)
			err = readLine(form, fields, width, &what, func(d *Directive, fault string) error { return visit(d, line, fault) })
		}
		if err != nil {
			return err
		}
	}
}

func readLine(form sheet, fields []string, width int, what *Import, visit func(*Directive, string) error) error {
	if len(fields) != width {
		return visit(nil, fmt.Sprintf("%d fields, expected %d", len(fields), width))
	}
	directive, fault := form.read(fields, what)
	return visit(&directive, fault)
}

// headless reports a header that is none of the form's, as the one bad line.
func (i *importing) headless(err error) error {
	var bad *ImportError
	if errors.As(err, &bad) && i.what.Fault != nil {
		i.what.Fault(bad.Lines[0])
	}
	return err
}

// readHeader reads the first line and returns how many fields each line must have.
func readHeader(reader *csv.Reader, headers [][]string) (int, error) {
	header, err := reader.Read()
	var malformed *csv.ParseError
	if err != nil && err != io.EOF && !errors.As(err, &malformed) {
		return 0, unreadable(err)
	}
	if len(header) > 0 {
		header[0] = strings.TrimPrefix(header[0], "\ufeff")
	}
	for _, each := range headers {
		if slices.Equal(header, each) {
			return len(each), nil
		}
	}
	fault := "the header is not " + strings.Join(headers[0], ",")
	if slices.Contains(header, "NhsHash") {
		fault += ": the numbers are hashed, ask for the file with the numbers"
	}
	return 0, &ImportError{Lines: []LineError{{Line: 1, Fault: fault}}}
}

const (
	badNumber = "the NHS number is not valid"
	badDate   = "the date is not YYYY-MM-DD"
)

// numbered begins the directive of a line.
func numbered(number, date string, what *Import) (Directive, string) {
	person, err := clinical.ParseNHSNumber(number)
	if err != nil {
		return Directive{}, badNumber
	}
	at, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return Directive{}, badDate
	}
	return Directive{Person: person, Authority: what.Authority, RecordedBy: what.RecordedBy, At: at}, ""
}

func readObjection(fields []string, what *Import) (Directive, string) {
	d, fault := numbered(fields[0], fields[4], what)
	// The reader uses its fields again for the next line, but each is a string of its own.
	d.About, d.Reason, d.RecordedBy = SharedRecord{Step(fields[1])}, fields[2], fields[3]
	return d, fault
}

func writeObjection(d *Directive) []string {
	objection, is := d.About.(SharedRecord)
	if !is {
		return nil
	}
	return []string{d.Person.Reveal(), string(objection.Step), d.Reason, d.RecordedBy, d.At.Format(time.DateOnly)}
}

func readTypeOne(fields []string, what *Import) (Directive, string) {
	d, fault := numbered(fields[0], fields[2], what)
	d.About = OptOutChoice{List: ListTypeOne, Standing: standing(fields[1]), Withdrawn: fields[1] == withdrawn}
	return d, fault
}

func writeTypeOne(d *Directive) []string {
	choice, is := d.About.(OptOutChoice)
	if !is || choice.List != ListTypeOne {
		return nil
	}
	state := choice.Standing.String()
	if choice.Withdrawn {
		state = withdrawn
	}
	return []string{d.Person.Reveal(), state, d.At.Format(time.DateOnly)}
}

// IDecide's words for what was chosen, as its portal writes them (NHSISL/IDecide, the component Confirmation).
const (
	optOut = "optout"
	optIn  = "optin"
)

// instants are the forms in which a decision's date may be written: RFC 3339, a day, and what .NET writes for a moment in no
// particular culture. Citation needed for which of them London's feed has.
func instants() []string { return []string{time.RFC3339, time.DateOnly, "01/02/2006 15:04:05 -07:00"} }

func readDecision(fields []string, what *Import) (Directive, string) {
	d := Directive{Authority: what.Authority, RecordedBy: what.RecordedBy}
	if len(fields) == 5 {
		d.Evidence, fields = fields[0], fields[1:]
	}
	var err error
	if d.Person, err = clinical.ParseNHSNumber(fields[0]); err != nil {
		return d, badNumber
	}
	if what.Category == "" {
		what.Category = fields[1] // this import's own copy: the first line says for all
	}
	if blank(fields[1]) || fields[1] != what.Category {
		return d, "the category is not the one that is imported"
	}
	if d.At = instant(fields[3]); d.At.IsZero() {
		return d, "the date is not in a form that is known, such as 2026-01-02T15:04:05Z"
	}
	switch fields[2] {
	case optOut:
		d.About = OptOutChoice{List: ListLondon, Standing: OptedOut}
	case optIn:
		d.About = OptOutChoice{List: ListLondon, Standing: NotOptedOut}
	default:
		return d, "the state is neither optout nor optin"
	}
	return d, ""
}

func instant(text string) time.Time {
	for _, form := range instants() {
		if at, err := time.Parse(form, text); err == nil {
			return at
		}
	}
	return time.Time{}
}

// decisionCategory is what exported decisions are called. Citation needed for the name that IDecide gives them.
const decisionCategory = "London Data Service opt-out"

func writeDecision(d *Directive) []string {
	choice, is := d.About.(OptOutChoice)
	if !is || choice.List != ListLondon || choice.Withdrawn {
		return nil
	}
	state := optIn
	if choice.Standing == OptedOut {
		state = optOut
	}
	return []string{d.Person.Reveal(), decisionCategory, state, d.At.UTC().Format(time.RFC3339)}
}
