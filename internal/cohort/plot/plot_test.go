package plot_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"image/color"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/cohort"
	"onelondon/internal/cohort/plot"
)

// update is a command-line flag, not state: go test ./internal/cohort/plot -update writes the goldens anew.
var update = flag.Bool("update", false, "write the goldens anew")

func drawnAs(t *testing.T, answer *cohort.Answer, format plot.Format) string {
	t.Helper()
	var out bytes.Buffer
	if err := plot.Write(&out, answer, format); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// texts are the texts of an SVG, in the order in which they are drawn.
func texts(t *testing.T, svg string) []string {
	t.Helper()
	var all []string
	decoder := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		if text, ok := token.(xml.CharData); ok && strings.TrimSpace(string(text)) != "" {
			all = append(all, strings.TrimSpace(string(text)))
		}
	}
}

func TestPicturesAreDrawnAsTheGoldensHaveThem(t *testing.T) {
	all := pictures()
	for _, name := range []string{"bars", "quartiles", "lying-boxes", "line", "lines", "bands"} {
		got, golden := drawnAs(t, all[name], plot.SVG), filepath.Join("testdata", name+".svg")
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestEveryPictureCanBeCitedWhereItIsCutOut(t *testing.T) {
	for name, answer := range pictures() {
		said := strings.Join(texts(t, drawnAs(t, answer, plot.SVG)), " ")
		for _, want := range []string{answer.Definition.Title, "As at 26 November 2026", "version 2", answer.Digest, "Project example-diabetes",
			"policy revision 2026-11-01.3", "consent revision 1204", answer.Result.Notes[0], answer.Words} {
			if !strings.Contains(said, want) {
				t.Errorf("%s lacks %q", name, want)
			}
		}
		if incomplete := strings.Contains(said, "INCOMPLETE: 1 of 2 sources did not answer. Up to 1,240 people"); incomplete == answer.Complete() {
			t.Errorf("%s: says that it is incomplete: %v", name, incomplete)
		}
	}
}

func TestAHiddenFigureIsAMarkAndNeverANumber(t *testing.T) {
	const legend = "none, too few, or kept back to protect few: not a zero"
	for name, answer := range pictures() {
		hidden := false
		before := drawnAs(t, answer, plot.SVG)
		for i := range answer.Result.Rows {
			for f := range answer.Result.Rows[i].Figures {
				// What a careless caller left beside the mark changes nothing.
				if figure := &answer.Result.Rows[i].Figures[f]; !figure.Shown {
					*figure, hidden = cohort.Figure{Number: 31337, Lower: 31337, Upper: 31337}, true
				}
			}
		}
		if after := drawnAs(t, answer, plot.SVG); after != before {
			t.Errorf("%s: a number beside the mark changes the picture", name)
		}
		if strings.Contains(before, legend) != hidden {
			t.Errorf("%s: the legend explains the mark: %v", name, !hidden)
		}
	}
}

func TestACellThatIsNotThereLooksLikeAHiddenOne(t *testing.T) {
	whole := pictures()["grouped"]
	lacks := pictures()["grouped"]
	kept := lacks.Result.Rows[:0]
	for _, row := range lacks.Result.Rows {
		if row.Figures[0].Shown || row.Figures[1].Shown {
			kept = append(kept, row)
		}
	}
	lacks.Result.Rows = kept[:len(kept)-1]
	last := &whole.Result.Rows[len(whole.Result.Rows)-1]
	last.Figures = []cohort.Figure{{}, {}}
	if drawnAs(t, whole, plot.SVG) != drawnAs(t, lacks, plot.SVG) {
		t.Error("they can be told apart")
	}
}

func TestALineIsBrokenWhereAFigureIsHiddenOrAPeriodIsMissing(t *testing.T) {
	strokes := func(answer *cohort.Answer) int {
		return strings.Count(drawnAs(t, answer, plot.SVG), "stroke:#0072B2;stroke-width:1.8")
	}
	whole := series(filled(asked("A line", people(), "month"), 0, months(2024, 12)))
	for i := range whole.Result.Rows {
		whole.Result.Rows[i].Figures[0] = cohort.Figure{Shown: true, Number: float64(100 + i)}
	}
	if n := strokes(whole); n != 1 {
		t.Errorf("a whole line: %d strokes", n)
	}
	whole.Result.Rows[4].Figures[0].Shown = false
	whole.Result.Rows = append(whole.Result.Rows[:8], whole.Result.Rows[9:]...)
	if n := strokes(whole); n != 3 {
		t.Errorf("a line with two gaps: %d strokes", n)
	}
}

func TestAPNGHoldsThePicture(t *testing.T) {
	for _, name := range []string{"lines", "three"} {
		read, err := png.Decode(strings.NewReader(drawnAs(t, pictures()[name], plot.PNG)))
		if err != nil {
			t.Fatal(err)
		}
		size := read.Bounds().Size()
		if size.X != 2000 || size.Y < 800 {
			t.Errorf("%s: %v", name, size)
		}
		found := map[color.RGBA]int{}
		for x := 0; x < size.X; x += 2 {
			for y := 0; y < size.Y; y += 2 {
				r, g, b, a := read.At(x, y).RGBA()
				found[color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), uint8(a >> 8)}]++
			}
		}
		if found[plot.Palette()[0]] < 200 || found[plot.Palette()[1]] < 200 || found[color.RGBA{255, 255, 255, 255}] < size.X*size.Y/8 {
			t.Errorf("%s: %d dots in the first colour, %d in the second", name, found[plot.Palette()[0]], found[plot.Palette()[1]])
		}
	}
}

func TestWhatCannotBeDrawnIsSaid(t *testing.T) {
	one := asked("A number", people())
	one.Result.Rows = []cohort.Row{{Key: []string{}, Figures: []cohort.Figure{{Shown: true, Number: 5}}}}
	for name, answer := range map[string]*cohort.Answer{"one row": one, "no row": asked("None", people(), "age band")} {
		var out bytes.Buffer
		if err := plot.Write(&out, answer, plot.PNG); !errors.Is(err, plot.ErrNothing) || out.Len() > 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	for file, want := range map[string]plot.Format{"a.PNG": plot.PNG, "b/c.svg": plot.SVG, "d.pdf": "", "png": ""} {
		if got, err := plot.FormatOf(file); got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v", file, got, err)
		}
	}
}

func TestLargeAnswersAreCutAndSaySo(t *testing.T) {
	answer := filled(asked("Many", people(), "practice"), 400, months(2000, 70))
	said := strings.Join(texts(t, drawnAs(t, answer, plot.SVG)), " ")
	if !strings.Contains(said, "Drawn are the first 60 of 70 by practice. The table has all of them.") || strings.Contains(said, "2005-01") {
		t.Error("it is not cut, or does not say so")
	}
}

func TestValuesKeepTheirOrderWhereTheFirstRowsLackSome(t *testing.T) {
	answer := asked("By borough and age", people(), "borough", "age band")
	for _, key := range [][]string{{"Camden", "40 to 64"}, {"Camden", "unknown"}, {"Newham", "5 to 17"}, {"Newham", "40 to 64"}, {"Newham", "80 and over"}} {
		answer.Result.Rows = append(answer.Result.Rows, cohort.Row{Key: key, Figures: []cohort.Figure{{Shown: true, Number: 10}}})
	}
	said := strings.Join(texts(t, drawnAs(t, answer, plot.SVG)), "|")
	if !strings.Contains(said, "5 to 17|40 to 64|80 and over|unknown") {
		t.Error(said)
	}
}
