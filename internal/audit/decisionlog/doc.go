// Package decisionlog writes what the ledger holds as a decision log in OPA's own format, one JSON object a line, for tools that
// read such logs.
//
//	count, err := decisionlog.Export(ctx, ledger, out, decisionlog.Options{Since: yesterday})
//
// OPA's own pipeline buffers decisions in memory and drops them when it falls behind. Here nothing is lost: the ledger is
// durable before an answer leaves, and a log made of it can be made again.
//
// Nothing of a patient is in it: not the person, not what stands for them in the ledger, not what they said, and no text that
// somebody typed. A citizen's own id and name are a patient's too. Whatever of a decision's input is left out is listed in
// erased, as OPA does. The ledger holds no times of evaluation, so there are no metrics.
package decisionlog
