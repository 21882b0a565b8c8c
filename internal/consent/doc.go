// Package consent is the register of what people said about the use of their records: append-only directives, each with who
// recorded it, on whose authority, when and why, projected to what holds now.
//
//	register, err := consent.Open(ctx, "consent.sqlite", key, logger)
//	revision, err := register.Record(ctx, consent.Directive{Person: number, Step: consent.Requested, ...})
//	state, revision, err := register.State(number)
//
// The register says what a person said; what follows from it is for policy. An objection to the shared record may not be
// upheld where there is clinical need, so it is no simple "no": it is requested, then upheld or not upheld with a reason,
// and may be withdrawn.
//
// State is a look-up in memory and fails when the register cannot vouch for itself: closed, or out of step with its file.
// Whoever asks must then release nothing that hangs on it. A file in which a directive was changed or is missing does not
// open. The file holds nothing of a patient in clear: see package embedded, which keeps it.
package consent
