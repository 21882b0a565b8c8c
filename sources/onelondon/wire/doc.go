// Package wire is how a question and its answer travel between two OneLondons: sources.Query and sources.Answer as bytes, with
// what either end must know of the other. It is driven by the descriptors of package clinical, so that a new kind of record or a
// new field travels by itself; kinds, fields and labels go by their names, so that two versions of the program understand each
// other or say that they do not.
//
// Reading is strict: what nobody who keeps to the format wrote is refused, nothing is read beyond the end or left over, and nothing
// is allocated that the bytes at hand could not fill.
//
//	body := wire.AppendQuestion(nil, &wire.Question{Path: []string{"london"}, Query: query}, known)
//	question, err := wire.ReadQuestion(body, lists)
//
// It decides nothing and sends nothing.
package wire
