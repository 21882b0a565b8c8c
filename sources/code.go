package sources

import "errors"

// WithCode marks an error with the code that the database itself gave it: "SQLSTATE 53300", "MySQL 1040", "SQLite 26". It
// tells whoever runs the source more than a class does, and is logged; so it is never more than a code. The error's text
// stays as it is.
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

// codeOf is the code of an error, empty where it has none.
func codeOf(err error) string {
	var marked *coded
	if errors.As(err, &marked) {
		return marked.code
	}
	return ""
}

// isCode reports whether text is short, and of letters, digits and spaces alone: what a server sends in a code's place may be
// anything. Nothing as long as an NHS number is all digits.
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
