package sources

import "errors"

// WithCode attaches to an error the code given by the database itself, such as "SQLSTATE 53300", "MySQL 1040" or
// "SQLite 26". The code is more specific than a [Class] and is logged, so it must never be more than a code. The
// error's text is unchanged.
func WithCode(err error, code string) error {
	if err == nil || !isCode(code) {
		return err
	}
	return &coded{err, code}
}

type coded struct {
	error
	code string
}

func (c *coded) Unwrap() error { return c.error }

// codeOf returns the code of an error, or "".
func codeOf(err error) string {
	var marked *coded
	if errors.As(err, &marked) {
		return marked.code
	}
	return ""
}

// isCode reports whether text is short and consists of letters, digits and spaces: a server may send anything as a
// code. All-digit texts as long as an NHS number are refused.
func isCode(text string) bool {
	digits := 0
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r == ' ':
		default:
			return false
		}
	}
	return text != "" && len(text) <= 16 && digits <= 6
}
