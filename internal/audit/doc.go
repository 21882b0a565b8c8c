// Package audit is the ledger of accesses: who asked for whose record, why, what was released and what was not. It is
// append-only, hash-chained and durable before an answer leaves; without it there is no answer.
//
//	ledger, err := audit.Open(ctx, "ledger.sqlite", key, logger)
//	receipts, err := ledger.Append(ctx, audit.Entry{Time: now, RequestID: id, Caller: caller, Person: number, ...})
//	report, err := ledger.Verify(ctx)
//
// What an entry holds follows GP Connect's requirements for access audit: the person who asked, their role and
// organisation, the purpose, the time, the event, the patient and a sequence number; a refusal is kept as an access is.
// No record is in it, and the file holds nothing of a patient in clear: see package embedded, which keeps the file.
//
// The package decides nothing and shows nothing to anybody. The key that opens the ledger is the secret: with it, every
// NHS number can be tried in minutes.
package audit
