package gate

// WithCursors returns the page with cursor as what makes its cursors. Gates other than this package's own use it, such as
// those that tests put in its place.
func (p Page) WithCursors(cursor func(item int) string) Page {
	p.cursor = cursor
	return p
}

// WithCursors returns the page with cursor as what makes its cursors, from the sequence of an entry; see [Page.WithCursors].
func (p AccessPage) WithCursors(cursor func(sequence uint64) string) AccessPage {
	p.cursor = cursor
	return p
}
