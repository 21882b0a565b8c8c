package yamltree

import (
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

const (
	// mostNodes bounds how much of a file is read, anchors written out: a small file must not ask for endless work. Files of
	// long lists are read with [ReadLong].
	mostNodes = 20_000
	// mostFaults is more than anybody reads at once.
	mostFaults = 200
	// deepestAnchors is how far anchors may refer to each other.
	deepestAnchors = 40
)

// Node is a place in the file: a YAML value with the keys that led to it. The zero Node is a value that is not there.
type Node struct {
	Path         string
	Line, Column int

	raw ast.Node
}

// Present reports whether there is a value.
func (n Node) Present() bool { return n.raw != nil }

// Reader reads one file and collects what is wrong with it.
type Reader struct {
	file    string
	faults  Faults
	anchors map[string]ast.Node
	steps   int
	most    int // steps
}

// Read reads a file into its one top-level node. Name is the file's name for messages. Where the file is not YAML, or not
// one document, the fault is noted and ok is false.
func Read(name string, data []byte) (reader *Reader, top Node, ok bool) {
	return ReadLong(name, data, mostNodes)
}

// ReadLong reads a file that may hold so many lists and maps, anchors written out.
func ReadLong(name string, data []byte, most int) (reader *Reader, top Node, ok bool) {
	r := &Reader{file: name, anchors: map[string]ast.Node{}, most: most}
	top = Node{Line: 1, Column: 1}
	file, err := parser.ParseBytes(data, 0)
	if syntax := (*yaml.SyntaxError)(nil); errors.As(err, &syntax) {
		if token := syntax.Token; token != nil && token.Position != nil {
			top.Line, top.Column = token.Position.Line, token.Position.Column
		}
		r.Fault(top, "not valid YAML: %s", syntax.Message)
		return r, top, false
	}
	if err != nil {
		r.Fault(top, "not valid YAML; check indentation and quotes")
		return r, top, false
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		r.Fault(top, "expected one YAML document; the file is empty or holds several")
		return r, top, false
	}
	for _, found := range ast.Filter(ast.AnchorType, file.Docs[0].Body) {
		if anchor, ok := found.(*ast.AnchorNode); ok && anchor.Name != nil {
			r.anchors[anchor.Name.String()] = anchor.Value
		}
	}
	return r, r.at(file.Docs[0].Body, ""), true
}

// Fault notes what is wrong at n.
func (r *Reader) Fault(n Node, format string, args ...any) {
	if len(r.faults) >= mostFaults {
		return
	}
	r.faults = append(r.faults, Fault{File: r.file, Line: n.Line, Column: n.Column, Path: n.Path,
		Message: fmt.Sprintf(format, args...)})
}

// Add notes faults that were found elsewhere, in a file that this one names.
func (r *Reader) Add(faults ...Fault) { r.faults = append(r.faults, faults...) }

// Faults returns what is wrong so far, in the order of the file, each once. Faults of other files come last.
func (r *Reader) Faults() Faults { return r.faults.sorted(r.file) }

// Faulty reports whether anything is wrong so far.
func (r *Reader) Faulty() bool { return len(r.faults) > 0 }

// at makes a node of a YAML value, looking through anchors and aliases.
func (r *Reader) at(raw ast.Node, path string) Node {
	made := Node{raw: raw, Path: path}
	made.Line, made.Column = place(raw)
	for range deepestAnchors {
		switch typed := made.raw.(type) {
		case *ast.AnchorNode:
			made.raw = typed.Value
			made.Line, made.Column = place(typed.Value)
		case *ast.AliasNode:
			target, ok := r.anchors[typed.Value.String()]
			if !ok {
				r.Fault(made, "anchor %s is not defined; define it with & or write the value here", Show(typed.Value.String()))
				made.raw = nil
				return made
			}
			made.raw = target
		default:
			return made
		}
	}
	made.raw = nil
	r.Fault(made, "anchors refer to each other; write the value here")
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

// spend counts the node against the limit on the whole file.
func (r *Reader) spend(n Node) bool {
	if n.raw == nil {
		return false
	}
	r.steps++
	if r.steps == r.most {
		r.Fault(n, "the file is too large once anchors are written out; split it")
	}
	return r.steps < r.most
}
