package consent

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"onelondon/internal/embedded"
)

// Form is the form of a file to import or export.
type Form string

// The forms. All are UTF-8; those of CSV are RFC 4180 with a header, with or without the mark that spreadsheets put before it.
const (
	// Objections is CSV: nhs_number,objection,reason,recorded_by,date. The objection is a [Step], the date YYYY-MM-DD.
	Objections Form = "objections"
	// MESH is the National Data Opt-out's: one NHS number and a comma a line, each ended by LF (DOMAIN.md 2.1). Two files belong
	// together, the numbers that were asked about and the reply, which holds those without an opt-out.
	MESH Form = "mesh"
	// IDecide is the CSV of London's opt-outs: NhsNumber,PatientInstructionCategory,PatientInstructionState,InstructionDate,
	// with or without DecisionId before them. The state is optout or optin.
	IDecide Form = "idecide"
	// TypeOne is CSV: nhs_number,state,date. The state is opted_out, not_opted_out or withdrawn, the date YYYY-MM-DD.
	TypeOne Form = "type_one"
	// Proxies is CSV: nhs_number,proxy_nhs_number,authority,name,from,until,reason,evidence,recorded_by,date. The authority is parent,
	// attorney or withdrawn; from and until may be empty; all dates are YYYY-MM-DD or RFC 3339.
	Proxies Form = "proxies"
	// Capacities is CSV: nhs_number,finding,from,until,reason,evidence,recorded_by,date. The finding is presumed, competent or lacking.
	Capacities Form = "capacity"
)

// Import says what to import. Form and File are required, and RecordedBy for forms whose lines do not say who recorded them.
type Import struct {
	Form  Form
	File  io.ReadSeeker // read twice: once to find every bad line, once to record
	Asked io.ReadSeeker // the numbers asked about; for MESH alone, which needs it
	// AsAt is when the list was whole, to note that it now is so here. MESH needs it; what is no list of opt-outs has none; of the others it
	// says that the file is all there is, and is left out where it is not.
	AsAt time.Time
	// Authority is on whose word the lines stand, which no file says. Where it is left out it is Self, of findings about capacity
	// Clinician, and of proxies Controller.
	Authority  Authority
	RecordedBy string // the account that recorded what the file does not say who recorded
	// Category is the only PatientInstructionCategory that IDecide's lines may have. Where it is left out they must all have
	// one and the same, whichever it is: citation needed for what London's is called.
	Category string
	Fault    func(LineError)              // told of every bad line, in order within each file; nil for nobody
	Progress func(what string, lines int) // told now and then how many lines have been dealt with; nil for nobody
}

// LineError is what is wrong with one line of a file. It holds nothing of the line.
type LineError struct {
	Asked bool // it is a line of the numbers asked about, not of the file itself
	Line  int  // counted from 1
	Fault string
}

// maxFaults is how many faults an ImportError holds in full.
const maxFaults = 1000

// ImportError reports the bad lines of a file, none of which was recorded.
type ImportError struct {
	Lines []LineError // in order; the first 1,000
	More  int         // bad lines beyond those
}

// Error lists the bad lines, the first ten in full.
func (e *ImportError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "import nothing: %d bad lines", len(e.Lines)+e.More)
	for i, line := range e.Lines {
		if i == 10 {
			b.WriteString("; and more")
			break
		}
		fmt.Fprintf(&b, "; line %d: %s", line.Line, line.Fault)
	}
	return b.String()
}

// Imported says what an import recorded.
type Imported struct {
	Lines      int      // of the file, or of the numbers asked about
	Directives int      // fewer than lines where what is said already held
	Revision   Revision // of the last of them; 0 where there was none
}

// Import records a file, all of it or nothing, in one transaction and without holding it in memory. Where lines are bad the
// error is an [ImportError]; [Import.Fault] is told of every one. Other writers wait meanwhile.
func (r *Register) Import(ctx context.Context, what Import) (Imported, error) {
	if what.Authority == "" {
		what.Authority = what.Form.authority()
	}
	if fault := what.fault(); fault != "" {
		return Imported{}, fmt.Errorf("%w: %s", ErrDirective, fault)
	}
	i := &importing{register: r, what: &what, now: r.clock()}
	read := i.sheet
	if what.Form == MESH {
		read = i.mesh
	}
	give, err := read()
	if err != nil {
		return Imported{}, err
	}
	return i.record(ctx, give)
}

// fault says what is missing from an import, or is too much.
func (i *Import) fault() string {
	_, sheet := sheets()[i.Form]
	switch {
	case !sheet && i.Form != MESH:
		return unknownForm
	case !i.Authority.known():
		return unknownAuthority
	case i.File == nil:
		return "no file"
	case (i.Form == MESH) != (i.Asked != nil):
		return "a MESH reply needs the list of numbers that were asked about, and no other form has one"
	case i.Form == MESH && i.AsAt.IsZero():
		return "a MESH reply needs the moment at which it was whole"
	case i.Form.saysWho() && !i.AsAt.IsZero():
		return "objections, proxies and findings of capacity are no list that is ever whole"
	case !i.Form.saysWho() && blank(i.RecordedBy):
		return "nobody recorded it"
	}
	return ""
}

const unknownForm = "the form is not one of objections, mesh, idecide, type_one, proxies, capacity"

// saysWho reports whether each line says who recorded it.
func (f Form) saysWho() bool { return f == Objections || f == Proxies || f == Capacities }

// authority is on whose word lines of the form most often stand.
func (f Form) authority() Authority {
	switch f {
	case Proxies:
		return Controller
	case Capacities:
		return Clinician
	}
	return Self
}

// list is the list that a form is of, for those that are of one.
func (f Form) list() List {
	switch f {
	case MESH:
		return ListNational
	case IDecide:
		return ListLondon
	}
	return ListTypeOne
}

// importing is one import on its way.
type importing struct {
	register *Register
	what     *Import
	now      time.Time
	faults   ImportError
	lines    int
	given    int
}

// giving gives directives one after another.
type giving func(yield func(*Directive) error) error

func (i *importing) record(ctx context.Context, give giving) (Imported, error) {
	_, last, err := i.register.log.AppendStream(ctx, func(yield func(embedded.Item) error) error {
		hand := func(d *Directive) error {
			item, err := i.register.item(d, i.now)
			if err != nil {
				return err
			}
			if i.given++; i.given%progressLines == 0 {
				i.progress("recorded", i.given)
			}
			return yield(item)
		}
		if err := give(hand); err != nil {
			return err
		}
		if i.what.AsAt.IsZero() {
			return nil
		}
		return hand(&Directive{About: ListRefreshed{i.what.Form.list(), i.what.AsAt}, RecordedBy: i.what.RecordedBy, At: i.now})
	})
	if err != nil {
		return Imported{}, fmt.Errorf("import: %w", err)
	}
	return Imported{Lines: i.lines, Directives: i.given, Revision: Revision(last.Sequence)}, nil
}

// progressLines is how many lines there are between two words of progress.
const progressLines = 100_000

func (i *importing) progress(what string, lines int) {
	if i.what.Progress != nil {
		i.what.Progress(what, lines)
	}
}

func (i *importing) bad(line LineError) {
	if i.what.Fault != nil {
		i.what.Fault(line)
	}
	if len(i.faults.Lines) == maxFaults {
		i.faults.More++
		return
	}
	i.faults.Lines = append(i.faults.Lines, line)
}

// verdict is the error where any line was bad.
func (i *importing) verdict() error {
	if len(i.faults.Lines) > 0 {
		return &i.faults
	}
	return nil
}

func unreadable(err error) error { return fmt.Errorf("read the file to import: %w", err) }

// rewind goes back to where a file begins.
func rewind(file io.Seeker) error {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return unreadable(err)
	}
	return nil
}

var errChanged = errors.New("the file changed while it was imported")
