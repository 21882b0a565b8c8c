package main

import (
	"fmt"
	"io"
	"strings"

	"onelondon/internal/cohort/remote"
	"onelondon/internal/cohort/report"
)

// progress shows how a run's sources get on: on a terminal as a block that is rewritten, elsewhere as a line for each
// change.
type progress struct {
	out   io.Writer
	name  string
	live  bool
	quiet bool
	lines int                           // height of the block on the screen
	seen  map[string]remote.SourceState // last state shown of each source
}

func newProgress(out io.Writer, name string, quiet bool) *progress {
	return &progress{out: out, name: name, live: terminal(out), quiet: quiet, seen: map[string]remote.SourceState{}}
}

// tell shows the state of a run.
func (p *progress) tell(run *remote.Run) {
	switch {
	case p.quiet:
	case p.live:
		p.block(run)
	default:
		p.changes(run)
	}
}

// end keeps the block on the screen; later output follows below it.
func (p *progress) end() { p.lines = 0 }

// block rewrites the whole block.
func (p *progress) block(run *remote.Run) {
	const wide = 30
	var block strings.Builder
	if p.lines > 0 {
		fmt.Fprintf(&block, "\x1b[%dA\x1b[J", p.lines)
	}
	done := int(wide * min(1, max(0, run.Fraction)))
	fmt.Fprintf(&block, "%s  [%s%s] %3.0f %%  %s\n", p.name, strings.Repeat("=", done), strings.Repeat(" ", wide-done),
		100*run.Fraction, strings.ToLower(string(run.State)))
	for _, source := range run.Sources {
		fmt.Fprintf(&block, "  %s\n", sourceLine(source))
	}
	p.lines = 1 + len(run.Sources)
	_, _ = io.WriteString(p.out, block.String())
}

// changes writes a line for each source whose state has changed.
func (p *progress) changes(run *remote.Run) {
	for _, source := range run.Sources {
		if p.seen[source.Source] != source.State && source.State != remote.SourceWaiting {
			fmt.Fprintf(p.out, "%3.0f %%  %s\n", 100*run.Fraction, sourceLine(source))
		}
		p.seen[source.Source] = source.State
	}
}

// sourceLine describes the state of a source in one line that a terminal does not wrap.
func sourceLine(source remote.Progress) string {
	name := []rune(printableLine(source.Name))
	if len(name) > 40 {
		name = append(name[:39], '…')
	}
	line := fmt.Sprintf("%-40s %-9s", string(name), strings.ToLower(string(source.State)))
	if source.Rows > 0 {
		line += fmt.Sprintf(" %12s rows", report.Number(float64(source.Rows)))
	}
	return strings.TrimRight(line, " ")
}
