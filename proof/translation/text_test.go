package translation_test

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"
)

// text is a file of Go with what was written into it.
type text struct {
	positions *token.FileSet
	content   string
	parsed    *ast.File
	package_  string
	written   []insertion
}

// insertion is text at an offset. What is wrapped round an expression later is inside what was wrapped round it before.
type insertion struct {
	offset, order int
	text          string
}

func readText(t *testing.T, path string) *text {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	read := &text{positions: token.NewFileSet(), content: string(content)}
	if read.parsed, err = parser.ParseFile(read.positions, path, content, 0); err != nil {
		t.Fatal(err)
	}
	read.package_ = read.parsed.Name.Name
	return read
}

func (x *text) offset(at token.Pos) int { return x.positions.Position(at).Offset }

func (x *text) line(node ast.Node) int { return x.positions.Position(node.Pos()).Line }

// of is a node as it is written, in one line.
func (x *text) of(node ast.Node) string {
	return strings.Join(strings.Fields(x.content[x.offset(node.Pos()):x.offset(node.End())]), " ")
}

func (x *text) insert(at token.Pos, what string) {
	x.written = append(x.written, insertion{x.offset(at), len(x.written), what})
}

func (x *text) wrap(node ast.Node, open, close string) {
	x.insert(node.Pos(), open)
	x.written = append(x.written, insertion{x.offset(node.End()), -len(x.written), close})
}

// broken is the text with all that was written into it.
func (x *text) broken() string {
	slices.SortFunc(x.written, func(a, b insertion) int {
		return cmp.Or(cmp.Compare(a.offset, b.offset), cmp.Compare(a.order, b.order))
	})
	var out strings.Builder
	last := 0
	for _, each := range x.written {
		out.WriteString(x.content[last:each.offset] + each.text)
		last = each.offset
	}
	return out.String() + x.content[last:]
}

// switches is the file that a broken package gets beside its own: which break is in force.
const switches = `package %s

import (
	"os"
	"strconv"
	"strings"
)

var mutantsInForce = func() (all [2]int) {
	first, second, _ := strings.Cut(os.Getenv("` + inForce + `"), ",")
	all[0], _ = strconv.Atoi(first)
	all[1], _ = strconv.Atoi(second)
	return all
}()

func mutant(n int) bool { return mutantsInForce[0] == n || mutantsInForce[1] == n }

func mutantOf[T any](n int, is, becomes T) T {
	if mutant(n) {
		return becomes
	}
	return is
}

func mutantShort[L ~[]T, T any](n, length int, list L) L {
	if mutant(n) {
		return list[:length]
	}
	return list
}
`

// inForce names the environment variable that says which break is in force, or which two.
const inForce = "ONELONDON_MUTANT"
