package plot

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	"onelondon/internal/cohort"
	"onelondon/internal/cohort/report"
)

// Format is a form of a picture.
type Format string

// The formats.
const (
	PNG Format = "png"
	SVG Format = "svg"
)

// ErrNothing reports an answer that is a single row: there is nothing to compare.
var ErrNothing = errors.New("an answer of one row is a number and no picture: ask by something")

// resolution is the dots of an inch of a PNG: enough for print in a column of a report.
const resolution = 200

// FormatOf is the format that a file's name asks for.
func FormatOf(name string) (Format, error) {
	switch extension := strings.ToLower(filepath.Ext(name)); extension {
	case ".png":
		return PNG, nil
	case ".svg":
		return SVG, nil
	}
	return "", fmt.Errorf("a plot is a .png or a .svg, not %q", filepath.Base(name))
}

// Write draws an answer. Its rows have the columns that the answer says; package report checks that.
func Write(out io.Writer, answer *cohort.Answer, format Format) error {
	if len(answer.Result.Columns) == 0 || len(answer.Result.Rows) == 0 {
		return ErrNothing
	}
	shown := *answer
	shown.Result = report.Readable(answer.Result)
	page := layOut(arrange(&shown))
	switch format {
	case PNG:
		canvas := vgimg.NewWith(vgimg.UseWH(pageWidth, page.height()), vgimg.UseDPI(resolution))
		page.draw(draw.New(canvas))
		_, err := vgimg.PngCanvas{Canvas: canvas}.WriteTo(out)
		return err
	case SVG:
		canvas := vgsvg.New(pageWidth, page.height())
		page.draw(draw.New(canvas))
		return writeSVG(out, canvas, answer)
	}
	return fmt.Errorf("no such format: %q", format)
}

// writeSVG names the picture for those who hear it, and the fonts that stand in where Liberation Sans, which has the measures of
// Arial, is not installed.
func writeSVG(out io.Writer, canvas vg.CanvasWriterTo, answer *cohort.Answer) error {
	var drawn, title, words bytes.Buffer
	if _, err := canvas.WriteTo(&drawn); err != nil {
		return err
	}
	if err := errors.Join(xml.EscapeText(&title, []byte(answer.Definition.Title)), xml.EscapeText(&words, []byte(answer.Words))); err != nil {
		return err
	}
	text := strings.ReplaceAll(drawn.String(), "font-family:Liberation Sans", "font-family:'Liberation Sans',Arial,Helvetica,sans-serif")
	open := `xmlns:xlink="http://www.w3.org/1999/xlink">`
	text = strings.Replace(text, open, open+fmt.Sprintf("\n<title>%s</title>\n<desc>%s</desc>", title.Bytes(), words.Bytes()), 1)
	text = strings.Replace(text, "<svg ", `<svg role="img" `, 1)
	_, err := io.WriteString(out, text)
	return err
}
