package cohort

import (
	"fmt"

	"onelondon/internal/clinical"
)

// when says in which days the events of a has lie, and end.
func (w *wording) when(has *Has, as spoken) string {
	if has.Ending == nil {
		return w.within(has.From, has.Until, has.Anchor, as)
	}
	return ", beginning" + w.orAnyTime(has, as) + " and ending" + w.within(has.Ending.From, has.Ending.Until, has.Anchor, as)
}

func (w *wording) orAnyTime(has *Has, as spoken) string {
	if text := w.within(has.From, has.Until, has.Anchor, as); text != "" {
		return text
	}
	return " at any time"
}

// within says a window of days. Around the day of the question it is told by its days, around an event by distances.
func (w *wording) within(from, until *int, anchor Anchor, as spoken) string {
	if from == nil && until == nil {
		return ""
	}
	if as.event {
		return " " + around(from, until, anchor)
	}
	day := func(distance *int) *clinical.Day {
		if distance == nil {
			return nil
		}
		on := w.asAt + clinical.Day(*distance)
		return &on
	}
	return " " + between(day(from), day(until))
}

// around says a window of days around an event.
func around(from, until *int, anchor Anchor) string {
	it, its := "that day", "on that day"
	if anchor == AnchorEnd {
		it, its = "the day it ends", "on the day it ends"
	}
	switch {
	case from == nil:
		return openBefore(*until, it)
	case until == nil:
		return openAfter(*from, it)
	case *from == 0 && *until == 0:
		return its
	case *from == *until && *from < 0:
		return fmt.Sprintf("%s before %s", plural(-*from, "day"), it)
	case *from == *until:
		return fmt.Sprintf("%s after %s", plural(*from, "day"), it)
	case *until == -1:
		return fmt.Sprintf("in the %s before %s", plural(-*from, "day"), it)
	case *from == 1:
		return fmt.Sprintf("in the %s after %s", plural(*until, "day"), it)
	case *until == 0:
		return fmt.Sprintf("%s or in the %s before", its, plural(-*from, "day"))
	case *from == 0:
		return fmt.Sprintf("%s or in the %s after", its, plural(*until, "day"))
	case *until < 0:
		return fmt.Sprintf("%d to %d days before %s", -*until, -*from, it)
	case *from > 0:
		return fmt.Sprintf("%d to %d days after %s", *from, *until, it)
	}
	return fmt.Sprintf("from %s before %s to %s after", plural(-*from, "day"), it, plural(*until, "day"))
}

func openBefore(until int, it string) string {
	switch {
	case until == 0:
		return "at any time up to and on " + it
	case until == -1:
		return "at any time before " + it
	case until < 0:
		return fmt.Sprintf("at any time at least %s before %s", plural(-until, "day"), it)
	}
	return fmt.Sprintf("at any time until %s after %s", plural(until, "day"), it)
}

func openAfter(from int, it string) string {
	switch {
	case from == 0:
		return "on or at any time after " + it
	case from == 1:
		return "at any time after " + it
	case from > 0:
		return fmt.Sprintf("at any time at least %s after %s", plural(from, "day"), it)
	}
	return fmt.Sprintf("at any time from %s before %s on", plural(-from, "day"), it)
}
