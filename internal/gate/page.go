package gate

// WithCursors returns the page with the function that makes its cursors. It is for other implementations of the gate,
// such as test doubles.
func (p Page) WithCursors(cursor func(item int) string) Page {
	p.cursor = cursor
	return p
}

// WithCursors returns the page with the function that makes a cursor from the sequence of an entry; see
// [Page.WithCursors].
func (p AccessPage) WithCursors(cursor func(sequence uint64) string) AccessPage {
	p.cursor = cursor
	return p
}
