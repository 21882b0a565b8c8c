package disclosure

import "errors"

// Rules are the numbers of disclosure control. They are the policy's: see policy/data/disclosure.yaml.
type Rules struct {
	RedactUpTo         int  // numbers of people from 1 to this are redacted
	RoundTo            int  // other numbers are rounded to the nearest multiple
	ZeroIsSmall        bool // a zero is redacted too
	Extremes           bool // a smallest or a largest value may be shown; no measure has one
	SmallestDifference int  // in people, between two questions of a project
	LargestShare       int  // of the events of a cell, in per cent, that may be one person's
	FewestForQuantiles int  // people for a median or quartiles
	MostQuestions      int  // of one project, those refused included
	SmallestGroup      int  // of people that the questions of a project, taken together, may tell from all others
}

// alike reports whether an answer that one protected is protected as the other demands. How many questions a project may ask is in
// no figure.
func (r Rules) alike(other Rules) bool {
	r.MostQuestions = other.MostQuestions
	return r == other
}

// stricter is, of each number, the one that protects more.
func (r Rules) stricter(than Rules) Rules {
	return Rules{
		RedactUpTo: max(r.RedactUpTo, than.RedactUpTo), RoundTo: max(r.RoundTo, than.RoundTo),
		ZeroIsSmall: r.ZeroIsSmall || than.ZeroIsSmall, Extremes: r.Extremes && than.Extremes,
		SmallestDifference: max(r.SmallestDifference, than.SmallestDifference), LargestShare: min(r.LargestShare, than.LargestShare),
		FewestForQuantiles: max(r.FewestForQuantiles, than.FewestForQuantiles), MostQuestions: min(r.MostQuestions, than.MostQuestions),
		SmallestGroup: max(r.SmallestGroup, than.SmallestGroup),
	}
}

// ErrRules reports numbers that protect nobody.
var ErrRules = errors.New("the rules of disclosure control are not complete")

// Check reports rules that are not complete. Nothing is answered by such.
func (r Rules) Check() error {
	share := r.LargestShare > 0 && r.LargestShare < 100
	people := r.RedactUpTo > 0 && r.SmallestDifference > 0 && r.SmallestGroup > r.RedactUpTo && r.FewestForQuantiles > r.RedactUpTo
	if !share || !people || r.RoundTo <= 0 || r.MostQuestions <= 0 {
		return ErrRules
	}
	return nil
}

// few reports whether so many people are too few to be shown.
func (r Rules) few(people int) bool {
	return people <= r.RedactUpTo && (people > 0 || r.ZeroIsSmall)
}

// nearest gives the nearest multiple.
func nearest(number, multiple int) int { return (number + multiple/2) / multiple * multiple }
