package federation_test

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
)

// line is one row of a CSV file, by column name.
type line map[string]string

// readFile reads a gzipped CSV of ../shared/data. Rows of these files may be a field longer or shorter than the
// header.
func readFile(t testing.TB, path string) []line {
	t.Helper()
	file, err := os.Open(testkit.Shared(t, "data/"+path+".csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	reader := csv.NewReader(unzipped)
	reader.FieldsPerRecord = -1
	header, err := reader.Read()
	if err != nil {
		t.Fatal(err)
	}
	var lines []line
	for {
		row, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return lines
		}
		if err != nil {
			t.Fatal(err)
		}
		read := line{}
		for i, name := range header[:min(len(header), len(row))] {
			read[name] = row[i]
		}
		lines = append(lines, read)
	}
}

// population is one original data set: what the files say, by person.
type population struct {
	name   string
	people []*original
	rows   map[string]int // how many rows of each file are to be found again
}

// original is one person with every row about them.
type original struct {
	line
	number string // the NHS number given to them here
	rows   map[string][]line
}

// readPopulation reads the files of a data set. Every row of the listed files belongs to a person of it.
func readPopulation(t testing.TB, folder string, numbers *numbers, files ...string) *population {
	t.Helper()
	p := &population{name: folder, rows: map[string]int{}}
	byID := map[string]*original{}
	for _, row := range readFile(t, folder+"/patients") {
		person := &original{line: row, number: numbers.next(), rows: map[string][]line{}}
		byID[row["Id"]] = person
		p.people = append(p.people, person)
	}
	for _, name := range files {
		for _, row := range readFile(t, folder+"/"+name) {
			if score(row["CODE"]) {
				continue
			}
			person, ok := byID[row["PATIENT"]]
			if !ok {
				t.Fatalf("%s/%s has a row about nobody", folder, name)
			}
			person.rows[name] = append(person.rows[name], row)
			p.rows[name]++
		}
	}
	return p
}

// score tells the data set's yearly quality-of-life scores, which are not observations of anybody.
func score(code string) bool { return code == "QALY" || code == "DALY" || code == "QOLS" }

// numbers gives out valid NHS numbers of the test range, each once.
type numbers struct{ at int }

func (n *numbers) next() string {
	for {
		n.at++
		prefix := fmt.Sprintf("999%06d", 100_000+n.at)
		for check := range 10 {
			if number, err := clinical.ParseNHSNumber(fmt.Sprint(prefix, check)); err == nil {
				return number.Reveal()
			}
		}
	}
}

// moment reads a date or a time stamp of the files.
func moment(t testing.TB, text string) clinical.DateTime {
	t.Helper()
	if text == "" {
		return clinical.DateTime{}
	}
	date, err := clinical.ParseDateTime(text)
	if err != nil {
		t.Fatalf("the file has the date %q", text)
	}
	return date
}

// words makes terms comparable: systems differ in what they do to blanks.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }
