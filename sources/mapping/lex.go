package mapping

import (
	"fmt"
	"strings"

	"onelondon/internal/yamltree"
)

// tokenKind classifies tokens.
type tokenKind uint8

const (
	tokenEnd     tokenKind = iota
	tokenWord              // a name or keyword, with placeholders filled in
	tokenQuoted            // a "quoted name"
	tokenText              // a 'text literal'
	tokenInteger           // an integer
	tokenSymbol            // = != < <= > >= ( ) , .
	tokenPath              // a /node/path after an alias
)

// token is one token of an expression; at is its byte offset.
type token struct {
	kind tokenKind
	text string
	at   int
}

// exprFault is a fault inside an expression, at a byte offset.
type exprFault struct {
	at      int
	message string
}

// longestText is far longer than any real expression; it bounds the work that a hostile file can cause.
const longestText = 8000

// lexer splits an expression into tokens. It fills in placeholders inside the token that contains them, so that a
// parameter's value can neither end a literal nor begin an operator.
type lexer struct {
	text   string
	next   int
	lookup func(placeholder string) (string, bool)
}

func lex(text string, lookup func(string) (string, bool)) ([]token, *exprFault) {
	if len(text) > longestText {
		return nil, &exprFault{0, fmt.Sprintf("the expression is longer than %d characters; split it", longestText)}
	}
	l := lexer{text: text, lookup: lookup}
	var tokens []token
	for {
		for l.next < len(text) && strings.IndexByte(" \t\r\n", text[l.next]) >= 0 {
			l.next++
		}
		read, fault := l.token()
		if fault != nil {
			return nil, fault
		}
		tokens = append(tokens, read)
		if read.kind == tokenEnd {
			return tokens, nil
		}
	}
}

func (l *lexer) token() (token, *exprFault) {
	start := l.next
	if start >= len(l.text) {
		return token{kind: tokenEnd, at: start}, nil
	}
	switch c := l.text[start]; {
	case c == '\'':
		return l.literal()
	case c == '"':
		return l.quotedName()
	case c == '/':
		return l.path()
	case isWordStart(c) || c == '$':
		return l.word()
	case isDigit(c) || c == '-' && start+1 < len(l.text) && isDigit(l.text[start+1]):
		l.next++
		for l.next < len(l.text) && isDigit(l.text[l.next]) {
			l.next++
		}
		return token{tokenInteger, l.text[start:l.next], start}, nil
	}
	for _, symbol := range [...]string{"!=", "<=", ">=", "=", "<", ">", "(", ")", ",", "."} {
		if strings.HasPrefix(l.text[start:], symbol) {
			l.next += len(symbol)
			return token{tokenSymbol, symbol, start}, nil
		}
	}
	return token{}, &exprFault{start, fmt.Sprintf("%s is not part of the language; see the package documentation", yamltree.Show(l.text[start:start+1]))}
}

// literal reads 'text', in which two quotes stand for one.
func (l *lexer) literal() (token, *exprFault) {
	start := l.next
	var b strings.Builder
	for l.next = start + 1; l.next < len(l.text); {
		switch c := l.text[l.next]; {
		case c == '\'' && strings.HasPrefix(l.text[l.next:], "''"):
			b.WriteByte('\'')
			l.next += 2
		case c == '\'':
			l.next++
			return token{tokenText, b.String(), start}, nil
		case c == '$' && strings.HasPrefix(l.text[l.next:], "${"):
			value, fault := l.placeholder()
			if fault != nil {
				return token{}, fault
			}
			b.WriteString(value)
		case c < ' ' && c != '\t':
			return token{}, &exprFault{l.next, "a text literal runs over the end of a line; close it with '"}
		default:
			b.WriteByte(c)
			l.next++
		}
	}
	return token{}, &exprFault{start, "a text literal is not closed; end it with '"}
}

// quotedName reads a "name" that is not a plain word, such as "CAUSEOFDEATH 1B".
func (l *lexer) quotedName() (token, *exprFault) {
	start := l.next
	length := strings.IndexByte(l.text[start+1:], '"')
	if length < 0 {
		return token{}, &exprFault{start, "a quoted name is not closed; end it with \""}
	}
	name := l.text[start+1 : start+1+length]
	if !isName(name) {
		return token{}, &exprFault{start, "a quoted name holds letters, digits, blanks and _ # $ % & ( ) + , - . / : only"}
	}
	l.next = start + length + 2
	return token{tokenQuoted, name, start}, nil
}

// path reads /data[at0001]/items[at0003]/value: attributes, each optionally followed by brackets.
func (l *lexer) path() (token, *exprFault) {
	start := l.next
	inside := false
	for l.next < len(l.text) {
		c := l.text[l.next]
		switch {
		case inside && (c < ' ' || c == '"' || c == '\\' || c == '$'):
			return token{}, &exprFault{l.next, "what stands in brackets of a path is a node, such as at0003 or an archetype's id"}
		case inside:
			inside = c != ']'
		case c == '[':
			inside = true
		case c != '/' && !isWordStart(c) && !isDigit(c):
			return token{tokenPath, l.text[start+1 : l.next], start}, nil
		}
		l.next++
	}
	if inside {
		return token{}, &exprFault{start, "a path is not closed; end its node with ]"}
	}
	return token{tokenPath, l.text[start+1:], start}, nil
}

// word reads a name, which may contain placeholders: DIAG_${n}.
func (l *lexer) word() (token, *exprFault) {
	start := l.next
	var b strings.Builder
	for l.next < len(l.text) {
		c := l.text[l.next]
		if strings.HasPrefix(l.text[l.next:], "${") {
			at := l.next
			value, fault := l.placeholder()
			if fault != nil {
				return token{}, fault
			}
			if !isWord("_" + value) {
				return token{}, &exprFault{at, "the value of a placeholder outside quotes must be a plain word of letters, digits and _"}
			}
			b.WriteString(value)
			continue
		}
		if !isWordStart(c) && !isDigit(c) {
			break
		}
		b.WriteByte(c)
		l.next++
	}
	if !isWord(b.String()) {
		return token{}, &exprFault{start, fmt.Sprintf("%s is not a name; names begin with a letter or _", yamltree.Show(l.text[start:max(l.next, start+1)]))}
	}
	return token{tokenWord, b.String(), start}, nil
}

// placeholder reads ${name} and returns its value.
func (l *lexer) placeholder() (string, *exprFault) {
	start := l.next
	length := strings.IndexByte(l.text[start:], '}')
	if length < 0 || !isWord(l.text[start+2:start+length]) {
		return "", &exprFault{start, "a placeholder is not closed; write ${name}"}
	}
	name := l.text[start+2 : start+length]
	l.next = start + length + 1
	if l.lookup != nil {
		if value, ok := l.lookup(name); ok {
			return value, nil
		}
	}
	return "", &exprFault{start, fmt.Sprintf("placeholder ${%s} is not known; list it under parameters or repeat", name)}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isWordStart(c byte) bool { return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// isWord reports whether text is a plain name.
func isWord(text string) bool {
	if text == "" || len(text) > 128 || !isWordStart(text[0]) {
		return false
	}
	for i := range len(text) {
		if !isWordStart(text[i]) && !isDigit(text[i]) {
			return false
		}
	}
	return true
}

// CanName reports whether the language can name a table or column so, quoted if necessary.
func CanName(name string) bool { return isName(name) }

// isName reports whether text may name a column or table in quotes. It excludes characters that could end an identifier
// in any dialect, or break a line.
func isName(text string) bool {
	for i := range len(text) {
		if c := text[i]; !isWordStart(c) && !isDigit(c) && strings.IndexByte(" #$%&()+,-./:", c) < 0 {
			return false
		}
	}
	return text != "" && len(text) <= 128
}
