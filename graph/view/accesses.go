package view

import "onelondon/internal/gate"

// AccessConnection is a page of the ledger. Page must not be nil.
type AccessConnection struct {
	Page *gate.AccessPage
}

// AccessEdge is one access with its cursor.
type AccessEdge struct {
	Node   *gate.Access
	Cursor string
}

// Nodes lists the accesses of the page.
func (c AccessConnection) Nodes() []gate.Access { return c.Page.Accesses }

// Edges lists the accesses of the page with their cursors.
func (c AccessConnection) Edges() []AccessEdge {
	edges := make([]AccessEdge, len(c.Page.Accesses))
	for item := range c.Page.Accesses {
		edges[item] = AccessEdge{Node: &c.Page.Accesses[item], Cursor: c.Page.Cursor(item)}
	}
	return edges
}

// PageInfo says where the page ends.
func (c AccessConnection) PageInfo() PageInfo {
	last := len(c.Page.Accesses) - 1
	if last < 0 {
		return PageInfo{HasNextPage: c.Page.HasNext}
	}
	return PageInfo{HasNextPage: c.Page.HasNext, end: func() string { return c.Page.Cursor(last) }}
}
