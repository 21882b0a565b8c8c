package scalars

import (
	"io"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
)

const hexadecimal = "0123456789ABCDEF"

// AppendString appends text as a JSON string, byte for byte as gqlgen writes it, except that what is not UTF-8 becomes
// U+FFFD: a database may hold anything, an answer may not.
func AppendString(b []byte, text string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(text); {
		c := text[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(text[i:])
			if r == utf8.RuneError && size == 1 {
				b = append(append(b, text[start:i]...), "\uFFFD"...)
				start = i + 1
			}
			i += size
			continue
		}
		if c < 0x20 || c == '\\' || c == '"' {
			b = appendEscaped(append(b, text[start:i]...), c)
			start = i + 1
		}
		i++
	}
	return append(append(b, text[start:]...), '"')
}

func appendEscaped(b []byte, c byte) []byte {
	switch c {
	case '\t':
		return append(b, `\t`...)
	case '\r':
		return append(b, `\r`...)
	case '\n':
		return append(b, `\n`...)
	case '\\', '"':
		return append(b, '\\', c)
	}
	return append(b, '\\', 'u', '0', '0', hexadecimal[c>>4], hexadecimal[c&0xf])
}

// quoted writes text as a JSON string, and null where it is empty.
func quoted(text string) graphql.Marshaler {
	if text == "" {
		return graphql.Null
	}
	return graphql.WriterFunc(func(w io.Writer) { write(w, AppendString(nil, text)) })
}

// raw writes JSON as it is, and null where it is empty.
func raw(text string) graphql.Marshaler {
	if text == "" {
		return graphql.Null
	}
	return graphql.WriterFunc(func(w io.Writer) { write(w, []byte(text)) })
}

// write leaves a broken connection to whoever owns it: gqlgen's writers have no way to report one.
func write(w io.Writer, b []byte) { _, _ = w.Write(b) }
