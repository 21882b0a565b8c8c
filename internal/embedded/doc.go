// Package embedded keeps what this program may not lose: an append-only, keyed, hash-chained log, in one SQLite file or, where
// several replicas write to one, in a [Store] elsewhere. The ledger of accesses (internal/audit) and the register of what
// people said (internal/consent) are both such a log.
//
// It is not a general store: nothing is ever changed or deleted, a row is a person and some bytes, and one process at a
// time may write to a file. It knows nothing of what the bytes mean. A [Store] knows nothing of keys and is believed in
// nothing: sealing, linking and proving are the log's, and the same wherever the rows are.
//
//	log, err := embedded.Open(ctx, embedded.Options{Path: path, Purpose: "audit", Key: key, Log: logger})
//	receipts, err := log.Append(ctx, embedded.Item{Person: log.Person(number), Body: body})
//
// What holds:
//
//   - Append returns once its rows are on the disk (WAL, synchronous=FULL). One goroutine writes; it takes whatever callers
//     have queued into one transaction and never waits for more, so a lone caller pays for one flush and many share one.
//   - Nothing of a person is in the file in clear. A person is stored as HMAC-SHA-256 of the NHS number, cut to 128 bits; a
//     body is stored under AES-256-GCM, because people type numbers and names into free text.
//   - Each row's hash is an HMAC over the hash before it, its sequence, its person and its body; the last of them and their
//     count stand in a head that has an HMAC of its own. So a change, a deletion, a reordering and a cut at the end are all
//     found by [Log.Verify], and without the key none can be covered up. Putting back an older copy of the whole file cannot
//     be seen from inside it: hand Verify a [Receipt] noted elsewhere.
//   - Rows are found by their person and by terms that their reader names, under keyed tags: without the key a tag tells only
//     that two rows share it. A row that a tag leads to is opened and must have what was asked for; a tag that was removed or
//     added is found by [Log.Verify].
//   - The key is the secret. With it, every NHS number can be tried in minutes.
package embedded
