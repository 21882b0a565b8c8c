package mapping

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	yamlparser "github.com/goccy/go-yaml/parser"
)

// mostNodes bounds how much of a file is read, anchors written out: a small file must not ask for endless work.
const mostNodes = 20_000

// node is a place in the file: a YAML value with the keys that led to it.
type node struct {
	raw          ast.Node
	path         string
	line, column int
}

// entry is one key of a map with its value.
type entry struct {
	key    string
	number bool // the key is written as a whole number
	truth  bool // the key is written true or false
	node   node // the value
	line   int  // where the key stands
	column int
}

// document reads the file into its one top-level node.
func (l *loader) document(data []byte) (node, bool) {
	top := node{line: 1, column: 1}
	file, err := yamlparser.ParseBytes(data, 0)
	if syntax := (*yaml.SyntaxError)(nil); errors.As(err, &syntax) {
		if token := syntax.Token; token != nil && token.Position != nil {
			top.line, top.column = token.Position.Line, token.Position.Column
		}
		l.fault(top, "not valid YAML: %s", syntax.Message)
		return top, false
	}
	if err != nil {
		l.fault(top, "not valid YAML; check indentation and quotes")
		return top, false
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		l.fault(top, "expected one YAML document; a file holds one mapping")
		return top, false
	}
	l.collect(file.Docs[0].Body)
	return l.at(file.Docs[0].Body, ""), true
}

// collect notes every anchor, so that an alias may be written out.
func (l *loader) collect(body ast.Node) {
	for _, found := range ast.Filter(ast.AnchorType, body) {
		if anchor, ok := found.(*ast.AnchorNode); ok && anchor.Name != nil {
			l.anchors[anchor.Name.String()] = anchor.Value
		}
	}
}

// at makes a node of a YAML value, looking through anchors and aliases.
func (l *loader) at(raw ast.Node, path string) node {
	made := node{raw: raw, path: path, line: 1, column: 1}
	made.line, made.column = place(raw)
	for range deepest {
		switch typed := made.raw.(type) {
		case *ast.AnchorNode:
			made.raw = typed.Value
			made.line, made.column = place(typed.Value)
		case *ast.AliasNode:
			target, ok := l.anchors[typed.Value.String()]
			if !ok {
				l.fault(made, "anchor %s is not defined; define it with & or write the value here", show(typed.Value.String()))
				made.raw = nil
				return made
			}
			made.raw = target
		default:
			return made
		}
	}
	made.raw = nil
	l.fault(made, "anchors refer to each other; write the value here")
	return made
}

// place finds where a value begins.
func place(raw ast.Node) (line, column int) {
	switch typed := raw.(type) {
	case nil:
		return 1, 1
	case *ast.MappingNode:
		if len(typed.Values) > 0 {
			return place(typed.Values[0])
		}
	case *ast.MappingValueNode:
		return place(typed.Key)
	}
	if token := raw.GetToken(); token != nil && token.Position != nil {
		return token.Position.Line, token.Position.Column
	}
	return 1, 1
}

// mostFaults is more than anybody reads at once.
const mostFaults = 200

// fault notes what is wrong at n.
func (l *loader) fault(n node, format string, args ...any) {
	if len(l.faults) >= mostFaults {
		return
	}
	l.faults = append(l.faults, Fault{File: l.file, Line: n.line, Column: n.column, Path: n.path,
		Message: fmt.Sprintf(format, args...)})
}

// entries lists the keys of a map in file order, merges (<<) first so that the map's own keys win.
func (l *loader) entries(n node) []entry {
	if !l.spend(n) {
		return nil
	}
	var pairs []*ast.MappingValueNode
	switch typed := n.raw.(type) {
	case *ast.MappingNode:
		pairs = typed.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{typed}
	default:
		l.fault(n, "expected keys with values, found %s", kindOf(n.raw))
		return nil
	}
	var merged, own []entry
	for _, pair := range pairs {
		if _, ok := pair.Key.(*ast.MergeKeyNode); ok {
			merged = append(merged, l.entries(l.at(pair.Value, n.path))...)
			continue
		}
		if read, ok := l.entry(n, pair); ok {
			own = append(own, read)
		}
	}
	for _, read := range own {
		merged = slices.DeleteFunc(merged, func(other entry) bool { return other.key == read.key })
	}
	return append(merged, own...)
}

func (l *loader) entry(n node, pair *ast.MappingValueNode) (entry, bool) {
	key, ok := scalarText(pair.Key)
	line, column := place(pair.Key)
	if !ok {
		l.fault(node{path: n.path, line: line, column: column}, "expected a plain word as the key")
		return entry{}, false
	}
	path := key
	if n.path != "" {
		path = n.path + "." + key
	}
	read := entry{key: key, node: l.at(pair.Value, path), line: line, column: column}
	switch pair.Key.(type) {
	case *ast.IntegerNode:
		read.number = true
	case *ast.BoolNode:
		read.truth = true
	}
	return read, true
}

// object reads a map whose keys are known. Unknown ones are faults.
func (l *loader) object(n node, allowed ...string) map[string]node {
	found := map[string]node{}
	for _, read := range l.entries(n) {
		if !slices.Contains(allowed, read.key) {
			l.fault(node{path: read.node.path, line: read.line, column: read.column},
				"unknown key %s; use one of %s", show(read.key), strings.Join(allowed, ", "))
			continue
		}
		found[read.key] = read.node
	}
	return found
}

// list reads a list.
func (l *loader) list(n node) []node {
	if !l.spend(n) {
		return nil
	}
	sequence, ok := n.raw.(*ast.SequenceNode)
	if !ok {
		l.fault(n, "expected a list, found %s; write [one, two] or lines that begin with -", kindOf(n.raw))
		return nil
	}
	items := make([]node, len(sequence.Values))
	for i, value := range sequence.Values {
		items[i] = l.at(value, fmt.Sprintf("%s[%d]", n.path, i))
	}
	return items
}

// text reads a scalar as the characters written.
func (l *loader) text(n node) (string, bool) {
	text, ok := scalarText(n.raw)
	if !ok && n.raw != nil {
		l.fault(n, "expected text, found %s", kindOf(n.raw))
	}
	return text, ok
}

// spend counts the node against the limit on the whole file.
func (l *loader) spend(n node) bool {
	if n.raw == nil {
		return false
	}
	l.steps++
	if l.steps == mostNodes {
		l.fault(n, "the mapping is too large once anchors are written out; split it")
	}
	return l.steps < mostNodes
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
		return "a tag, which mappings do not use"
	}
	return "a single value"
}
