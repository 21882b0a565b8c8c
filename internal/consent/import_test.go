package consent_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/consent"
)

// objections is a file of them.
func objections(text string) consent.Import {
	return consent.Import{Form: consent.Objections, File: strings.NewReader(text)}
}

const header = "nhs_number,objection,reason,recorded_by,date\n"

func TestAFileIsRecordedInTheOrderOfItsLines(t *testing.T) {
	file := path(t)
	register := open(t, file)
	record(t, register, says(person(t, 9), consent.Upheld))
	one, two := person(t, 1), person(t, 2)
	text := "\ufeff" + header +
		one.Reveal() + ",requested,,clerk-7,2026-01-02\r\n" +
		two.Reveal()[:3] + " " + two.Reveal()[3:6] + " " + two.Reveal()[6:] + ",upheld,\"said so,\ntwice\",clerk-7,2026-01-03\n" +
		one.Reveal() + ",not_upheld,dialysis,clerk-8,2026-02-02\n"
	imported, err := register.Import(t.Context(), objections(text))
	if err != nil || imported != (consent.Imported{Lines: 3, Directives: 3, Revision: 4}) {
		t.Fatalf("imported %+v (%v)", imported, err)
	}
	for range 2 {
		expect(t, register, one, consent.ObjectionNotUpheld, 4)
		expect(t, register, two, consent.ObjectionUpheld, 4)
		closeNow(t, register)
		register = open(t, file)
	}
}

func TestEveryBadLineIsNamedAndNothingIsRecorded(t *testing.T) {
	register := open(t, path(t))
	good := person(t, 1).Reveal()
	text := header +
		good + ",upheld,,clerk,2026-01-02\n" +
		"9434765918,upheld,,clerk,2026-01-02\n" + // wrong check digit
		good + ",objects,,clerk,2026-01-02\n" +
		good + ",upheld,\"over\ntwo lines\",clerk,2026-01-02\n" +
		good + ",not_upheld,,clerk,2026-01-02\n" +
		good + ",upheld,,,2026-01-02\n" +
		good + ",upheld,,clerk,02/01/2026\n" +
		good + ",upheld,,clerk,2999-01-01\n" +
		good + ",upheld,clerk,2026-01-02\n" +
		good + ",upheld,a \"quoted\" word,clerk,2026-01-02\n" +
		good + ",upheld,,clerk,2026-01-02\n"
	_, err := register.Import(t.Context(), objections(text))
	var faults *consent.ImportError
	if !errors.As(err, &faults) {
		t.Fatalf("importing gave %v", err)
	}
	want := []consent.LineError{
		{false, 3, "the NHS number is not valid"},
		{false, 4, "the objection is not one of requested, upheld, not_upheld, withdrawn"},
		{false, 7, "an objection that is not upheld needs a reason"},
		{false, 8, "nobody recorded it"},
		{false, 9, "the date is not YYYY-MM-DD"},
		{false, 10, "the date is in the future"},
		{false, 11, "4 fields, expected 5"},
		{false, 12, `not CSV: bare " in non-quoted-field`},
	}
	if diff := cmp.Diff(want, faults.Lines); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
	for _, mark := range []string{good, "9434765918", "objects", "02/01/2026", "quoted word"} {
		if strings.Contains(err.Error(), mark) {
			t.Errorf("the error quotes the file: %v", err)
		}
	}
	expect(t, register, person(t, 1), consent.ObjectionNone, 0)
}

// cutOff is a file that cannot be read to its end.
type cutOff struct {
	*strings.Reader
	err error
}

func (c cutOff) Read(into []byte) (int, error) {
	read, err := c.Reader.Read(into)
	if err == io.EOF {
		err = c.err
	}
	return read, err
}

func TestAFileThatIsNoListIsRefused(t *testing.T) {
	register := open(t, path(t))
	broken := errors.New("the disk is gone")
	good := person(t, 1).Reveal() + ",upheld,,clerk,2026-01-02\n"
	onWord := objections(header + good)
	onWord.Authority = "hearsay"
	noForm := objections(header + good)
	noForm.Form = "rumour"
	for _, c := range []struct {
		name string
		what consent.Import
		want string
	}{
		{"nothing", objections(""), "line 1: the header is not nhs_number"},
		{"no header", objections(good), "line 1: the header is not nhs_number"},
		{"columns in another order", objections("objection,nhs_number,reason,recorded_by,date\n"), "line 1: the header"},
		{"a header that is not CSV", objections("a\"b\n"), "line 1: the header"},
		{"on nobody's word", onWord, "authority"},
		{"in a form nobody knows", noForm, "form"},
		{"a file that breaks off", consent.Import{Form: consent.Objections, File: cutOff{strings.NewReader(header + good), broken}}, broken.Error()},
		{"many bad lines", objections(header + strings.Repeat("x\n", 1500)), "1500 bad lines"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := register.Import(t.Context(), c.what)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("importing gave %v, want %q", err, c.want)
			}
		})
	}
	if imported, err := register.Import(t.Context(), objections(header)); err != nil || imported.Directives != 0 {
		t.Errorf("a list of nobody gave %+v and %v", imported, err)
	}
	expect(t, register, person(t, 1), consent.ObjectionNone, 0)
}

// between is a file that is another when it is read for the second time.
type between struct {
	*strings.Reader
	times  *int
	second string
}

func (b between) Seek(offset int64, whence int) (int64, error) {
	if *b.times++; *b.times == 2 {
		b.Reader.Reset(b.second)
	}
	return b.Reader.Seek(offset, whence)
}

func TestAFileThatChangesMeanwhileIsRecordedNotAtAll(t *testing.T) {
	register, good := open(t, path(t)), person(t, 1).Reveal()+",upheld,,clerk,2026-01-02\n"
	file := between{strings.NewReader(header + good + good), new(int), header + good + "x\n"}
	if _, err := register.Import(t.Context(), consent.Import{Form: consent.Objections, File: file}); err == nil {
		t.Error("it was recorded")
	}
	expect(t, register, person(t, 1), consent.ObjectionNone, 0)
}

// No file may make the import fail in another way than by naming lines, or quote a number that it holds.
func FuzzImport(f *testing.F) {
	f.Add(header + "9434765919,upheld,,clerk,2026-01-02\n")
	f.Add(header + "9434765919,\"upheld\n,,clerk,2026-01-02\n")
	f.Add("\ufeff\"nhs_number\",objection\n")
	register := open(f, path(f))
	f.Fuzz(func(t *testing.T, text string) {
		_, err := register.Import(t.Context(), objections(text))
		var faults *consent.ImportError
		if err != nil && !errors.As(err, &faults) {
			t.Errorf("not an import error: %v", err)
		}
		if err != nil && strings.Contains(err.Error(), "9434765919") {
			t.Error("the error quotes the number")
		}
	})
}

func TestALongListIsTakenWhole(t *testing.T) {
	const people = 5000
	file := path(t)
	register := open(t, file)
	var text strings.Builder
	text.WriteString(header)
	for n := range people {
		fmt.Fprintf(&text, "%s,upheld,,clerk,2026-01-02\n", person(t, n).Reveal())
	}
	if _, err := register.Import(t.Context(), objections(text.String())); err != nil {
		t.Fatal(err)
	}
	closeNow(t, register)
	register = open(t, file)
	for _, n := range []int{0, 1, people / 2, people - 1} {
		expect(t, register, person(t, n), consent.ObjectionUpheld, people)
	}
}

func TestALongImportSaysHowFarItIs(t *testing.T) {
	register, line := open(t, path(t)), mesh(t, 1)
	what := reply(strings.Repeat(line, 200_001), line)
	var said []string
	what.Progress = func(what string, lines int) { said = append(said, fmt.Sprint(lines, " ", what)) }
	if imported, err := register.Import(t.Context(), what); err != nil || imported.Lines != 200_001 || imported.Directives != 2 {
		t.Fatalf("imported %+v (%v)", imported, err)
	}
	if diff := cmp.Diff([]string{"100000 checked", "200000 checked"}, said); diff != "" {
		t.Errorf("said (-want +got):\n%s", diff)
	}
}
