// Package consent is the register of what people said about the use of their records: append-only directives, each with who
// recorded it, on whose authority, when, for how long and why, projected to what holds now.
//
//	register, err := consent.Open(ctx, "consent.sqlite", key, logger)
//	revision, err := register.Record(ctx, consent.Directive{Person: number, About: consent.Notify{On: true}, ...})
//	state, revision, err := register.State(formerNumber, number)
//
// The register says what a person said; what follows from it is for policy. An objection to the shared record may not be
// upheld where there is clinical need, so it is no simple "no": it is requested, then upheld or not upheld with a reason,
// and may be withdrawn. That a list of opt-outs says nothing of a person is not the same as their having agreed.
//
// What is said on one subject takes the place of what was said before on it, for the time for which it is said: outside of
// that time the earlier holds again. It does so under whichever of a person's numbers either was said: State is given them all.
// Only lists of opt-outs are apart. A list speaks of a number and not of a person, so whoever is opted out under one of their
// numbers is opted out, until the list says otherwise of that number.
//
// State is a look-up in memory and fails when the register cannot vouch for itself: closed, or out of step with its file.
// Whoever asks must then release nothing that hangs on it. A file in which a directive was changed or is missing does not
// open. The file holds nothing of a patient in clear: see package embedded, which keeps it.
package consent
