package sources

import (
	"cmp"
	"strings"

	"onelondon/internal/clinical"
)

// Position is a place in the order of every list: by date, newest first and missing dates last, then by source and
// record id ascending in byte order. The zero Position comes before everything.
type Position struct {
	Date   clinical.DateTime // zero for a record without a date
	Source clinical.SourceID
	ID     clinical.Text // never empty in the position of a record
}

// PositionOf returns the position of record.
func PositionOf(record clinical.Record) Position {
	meta := record.About()
	return Position{Date: meta.Date, Source: meta.Source, ID: meta.ID}
}

// IsStart reports whether p comes before everything.
func (p Position) IsStart() bool { return p.ID == "" }

// Compare returns a negative number if p comes before other in a list, a positive one if after.
func (p Position) Compare(other Position) int {
	if p.IsStart() || other.IsStart() {
		return cmp.Compare(startInt(other), startInt(p))
	}
	// Newest first: a missing date compares lowest, so it comes last.
	if order := other.Date.Compare(p.Date); order != 0 {
		return order
	}
	if order := strings.Compare(string(p.Source), string(other.Source)); order != 0 {
		return order
	}
	return strings.Compare(string(p.ID), string(other.ID))
}

func startInt(p Position) int {
	if p.IsStart() {
		return 1
	}
	return 0
}
