package yamltree

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// Entry is one key of a map with its value.
type Entry struct {
	Key    string
	Number bool // the key is written as a whole number
	Truth  bool // the key is written true or false
	Value  Node
	Line   int // where the key stands
	Column int
}

// At is the place of the key, for faults of the key itself.
func (e Entry) At() Node { return Node{Path: e.Value.Path, Line: e.Line, Column: e.Column} }

// Entries lists the keys of a map in file order, merges (<<) first so that the map's own keys win.
func (r *Reader) Entries(n Node) []Entry {
	if !r.spend(n) {
		return nil
	}
	var pairs []*ast.MappingValueNode
	switch typed := n.raw.(type) {
	case *ast.MappingNode:
		pairs = typed.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{typed}
	default:
		r.Fault(n, "expected keys with values, found %s", kindOf(n.raw))
		return nil
	}
	var merged, own []Entry
	for _, pair := range pairs {
		if _, ok := pair.Key.(*ast.MergeKeyNode); ok {
			merged = append(merged, r.Entries(r.at(pair.Value, n.Path))...)
			continue
		}
		if read, ok := r.entry(n, pair); ok {
			own = append(own, read)
		}
	}
	for _, read := range own {
		merged = slices.DeleteFunc(merged, func(other Entry) bool { return other.Key == read.Key })
	}
	return append(merged, own...)
}

func (r *Reader) entry(n Node, pair *ast.MappingValueNode) (Entry, bool) {
	key, ok := scalarText(pair.Key)
	line, column := place(pair.Key)
	if !ok {
		r.Fault(Node{Path: n.Path, Line: line, Column: column}, "expected a plain word as the key")
		return Entry{}, false
	}
	path := key
	if n.Path != "" {
		path = n.Path + "." + key
	}
	read := Entry{Key: key, Value: r.at(pair.Value, path), Line: line, Column: column}
	switch pair.Key.(type) {
	case *ast.IntegerNode:
		read.Number = true
	case *ast.BoolNode:
		read.Truth = true
	}
	return read, true
}

// Object reads a map whose keys are known. Unknown ones are faults.
func (r *Reader) Object(n Node, allowed ...string) map[string]Node {
	found := map[string]Node{}
	for _, read := range r.Entries(n) {
		if !slices.Contains(allowed, read.Key) {
			r.Fault(read.At(), "unknown key %s; use one of %s", Show(read.Key), strings.Join(allowed, ", "))
			continue
		}
		found[read.Key] = read.Value
	}
	return found
}

// List reads a list.
func (r *Reader) List(n Node) []Node {
	if !r.spend(n) {
		return nil
	}
	sequence, ok := n.raw.(*ast.SequenceNode)
	if !ok {
		r.Fault(n, "expected a list, found %s; write [one, two] or lines that begin with -", kindOf(n.raw))
		return nil
	}
	items := make([]Node, len(sequence.Values))
	for i, value := range sequence.Values {
		items[i] = r.at(value, fmt.Sprintf("%s[%d]", n.Path, i))
	}
	return items
}

// Text reads a scalar as the characters written. A value that is not there is no fault.
func (r *Reader) Text(n Node) (string, bool) {
	text, ok := scalarText(n.raw)
	if !ok && n.raw != nil {
		r.Fault(n, "expected text, found %s", kindOf(n.raw))
	}
	return text, ok
}

// Scalar is the characters of a single value; ok is false for anything else, which is no fault.
func (n Node) Scalar() (text string, ok bool) { return scalarText(n.raw) }

// Origin is a single value as it stands in the file, quotes and all, where it stands in one piece on one line.
func (n Node) Origin() (string, bool) {
	if _, block := n.raw.(*ast.LiteralNode); block || n.raw == nil || n.raw.GetToken() == nil {
		return "", false
	}
	return strings.TrimSpace(n.raw.GetToken().Origin), true
}

// Expected notes that what stands at n is not what should.
func (r *Reader) Expected(n Node, what string) {
	r.Fault(n, "expected %s, found %s", what, kindOf(n.raw))
}

// IsTruth reports whether the value is written true or false.
func (n Node) IsTruth() bool { _, ok := n.raw.(*ast.BoolNode); return ok }

// IsNothing reports whether there is no value, or one that says so: null, or nothing after the colon.
func (n Node) IsNothing() bool { _, null := n.raw.(*ast.NullNode); return null || n.raw == nil }

// IsList reports whether the value is a list.
func (n Node) IsList() bool { _, ok := n.raw.(*ast.SequenceNode); return ok }

// IsMap reports whether the value has keys of its own.
func (n Node) IsMap() bool {
	switch n.raw.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return true
	}
	return false
}

func scalarText(raw ast.Node) (string, bool) {
	switch typed := raw.(type) {
	case *ast.StringNode:
		return typed.Value, true
	case *ast.LiteralNode:
		return strings.TrimSpace(typed.Value.Value), true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode:
		if token := raw.GetToken(); token != nil {
			return token.Value, true
		}
	}
	return "", false
}

func kindOf(raw ast.Node) string {
	switch raw.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return "keys with values"
	case *ast.SequenceNode:
		return "a list"
	case nil, *ast.NullNode:
		return "nothing"
	case *ast.TagNode:
		return "a tag, which is not used here"
	}
	return "a single value"
}
