package aql

import (
	"regexp"
	"strings"
)

// lexeme is one token of a query.
type lexeme struct {
	kind lexemeKind
	text string // of a string, its content; of a parameter, its name
}

type lexemeKind uint8

const (
	lexemeEnd lexemeKind = iota
	lexemeWord
	lexemeNumber
	lexemeString
	lexemeParameter
	lexemeSign
)

var (
	space     = regexp.MustCompile(`^(?:\s+|--[^\n]*)+`)
	word      = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*`)
	number    = regexp.MustCompile(`^-?[0-9]+(?:\.[0-9]+)?`)
	parameter = regexp.MustCompile(`^\$([A-Za-z_][A-Za-z0-9_]*)`)
	sign      = regexp.MustCompile(`^(?:!=|<=|>=|[=<>(){},/\[\]*])`)
	// node is what stands between brackets: an archetype's id or a code, looked for where one is expected.
	node = regexp.MustCompile(`^\[\s*(openEHR-[A-Z]+-[A-Z_]+\.[A-Za-z0-9_-]+\.v[0-9]+(?:\.[0-9]+)*|(?:at|id)[0-9]+(?:\.[0-9]+)*)`)
)

// lexer cuts a query into lexemes, one ahead.
type lexer struct {
	rest  string
	ahead lexeme
	wrong bool
}

func newLexer(text string) *lexer {
	l := &lexer{rest: text}
	l.advance()
	return l
}

func (l *lexer) advance() {
	l.rest = l.rest[len(space.FindString(l.rest)):]
	l.ahead = lexeme{}
	if l.rest == "" {
		return
	}
	for _, form := range []struct {
		kind lexemeKind
		of   *regexp.Regexp
	}{{lexemeWord, word}, {lexemeNumber, number}, {lexemeParameter, parameter}, {lexemeSign, sign}} {
		if found := form.of.FindString(l.rest); found != "" {
			l.ahead = lexeme{form.kind, strings.TrimPrefix(found, "$")}
			l.rest = l.rest[len(found):]
			return
		}
	}
	l.quoted()
}

// quoted reads a string, in which a backslash stands before a quote or another backslash.
func (l *lexer) quoted() {
	mark := l.rest[0]
	if mark != '\'' && mark != '"' {
		l.wrong = true
		return
	}
	var content []byte
	for i := 1; i < len(l.rest); i++ {
		switch c := l.rest[i]; {
		case c == mark:
			l.ahead, l.rest = lexeme{lexemeString, string(content)}, l.rest[i+1:]
			return
		case c == '\\' && i+1 < len(l.rest) && strings.IndexByte(`\'"`, l.rest[i+1]) >= 0:
			i++
			content = append(content, l.rest[i])
		case c == '\\':
			l.wrong = true
			return
		default:
			content = append(content, c)
		}
	}
	l.wrong = true
}

// node reads the node behind an opening bracket that lies ahead, and leaves what follows it ahead.
func (l *lexer) node() string {
	found := node.FindStringSubmatch("[" + l.rest)
	if found == nil {
		l.wrong = true
		return ""
	}
	l.rest = l.rest[len(found[0])-1:]
	l.advance()
	return found[1]
}

func (l *lexer) take() lexeme {
	taken := l.ahead
	l.advance()
	return taken
}

// sign takes a sign if it lies ahead.
func (l *lexer) sign(text string) bool {
	if l.ahead.kind == lexemeSign && l.ahead.text == text {
		l.advance()
		return true
	}
	return false
}

// keyword takes a word if it lies ahead, in capitals or not.
func (l *lexer) keyword(text string) bool {
	if l.ahead.kind == lexemeWord && strings.EqualFold(l.ahead.text, text) {
		l.advance()
		return true
	}
	return false
}

func (l *lexer) expect(ok bool) {
	if !ok {
		l.wrong = true
	}
}
