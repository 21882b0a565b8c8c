package disclosure

import (
	"errors"
	"fmt"
)

// Why a question is refused.
const (
	TooManyQuestions = "too_many_questions"    // the project has asked as many as it may
	FewToldApart     = "few_people_told_apart" // with the questions before it, it would tell few people from all others
	NearAnother      = "near_another_question" // its people differ from those of an earlier one by few
	RefusedBefore    = "question_was_refused"  // it was refused before, and is not decided again
	OtherNumbers     = "numbers_have_changed"  // it was answered, and protected by other numbers than those in force
	OtherBasis       = "bounds_have_changed"   // it was answered, and others were left out than must be now
)

// ErrUnknownPeople reports a question that was counted without [Known], or with one that does not fit it.
var ErrUnknownPeople = errors.New("what is known of the people counted is missing or does not fit")

// ErrDone reports a reservation that was committed or cancelled before.
var ErrDone = errors.New("the reservation is over")

// Refusal is why a question is not answered, and what would be. It tells neither by how many people questions differ nor who
// they are.
type Refusal struct {
	Code    string
	Words   string // why, and what would be allowed, in sentences
	Earlier int    // the number of the question that this one is near to; 0 for none
}

// Error is the words.
func (r *Refusal) Error() string { return r.Words }

func tooMany(rules Rules) *Refusal {
	return &Refusal{Code: TooManyQuestions, Words: fmt.Sprintf("This project has asked the %d questions that it may. "+
		"Answers it already has can be had again. More need a new decision on the project, since enough accurate answers betray anybody.", rules.MostQuestions)}
}

func toldApart(rules Rules) *Refusal {
	return &Refusal{Code: FewToldApart, Words: fmt.Sprintf("Together with the questions that this project asked before, this one would tell "+
		"fewer than %d people from all others by their age, sex, borough or practice. Ask with wider age bands, fewer dimensions or larger areas, "+
		"or divide people as an earlier question did. That may also be so because people have moved or had a birthday since.", rules.SmallestGroup)}
}

func near(of *question, rules Rules) *Refusal {
	return &Refusal{Code: NearAnother, Earlier: of.number, Words: fmt.Sprintf("Some of the numbers asked for would differ by fewer than %d people "+
		"from numbers of question %d of this project (%s, version %d, %s). Ask that one again, which gives its answer of then, or one that "+
		"differs more: leave out a dimension, or choose wider bands. Where both questions mean the same, the data have moved on since by that few.",
		rules.SmallestDifference, of.number, of.name, of.version, of.at.Format("2 January 2006"))}
}

// anew is why an answer is not given again by itself.
func anew() *Refusal {
	return &Refusal{Code: OtherNumbers, Words: "The numbers of disclosure control have changed since this question was answered. Ask it anew: " +
		"what was counted then is protected by the numbers in force, and nobody is counted again."}
}

// elsewhere is why an answer is not given again at all.
func elsewhere() *Refusal {
	return &Refusal{Code: OtherBasis, Words: "Whom or what a study of this project leaves out has changed since this question was answered, so the answer is not given " +
		"again. Give the definition another version: it is then counted by the rules in force, and held against all that the project was told."}
}

func refusedBefore(of *Refusal) *Refusal {
	return &Refusal{Code: RefusedBefore, Words: "This question was refused before (" + of.Code + ") and is not decided again. Change it, and give it another version."}
}
