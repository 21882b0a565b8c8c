package sqlserver

import (
	"regexp"
	"strings"
)

// What may be sent is told by what it is made of. A statement of Transact-SQL needs no semicolon before it, so that looking at the
// first word tells nothing of the others; but names stand in brackets and texts in quotes, and all other words of a question are
// of a short list, on which no word is that writes, runs or sets anything.

// showPlan makes a session tell how it would run what it is sent from then on, and run none of it.
const showPlan = "SET SHOWPLAN_XML ON"

var (
	caller   = regexp.MustCompile(`^EXEC sys\.sp_set_session_context N'onelondon\.caller', @p[0-9]+;\n`)
	declares = regexp.MustCompile(`^DECLARE @p[0-9]+ (?:nvarchar\(max\)|bigint)(?:, @p[0-9]+ (?:nvarchar\(max\)|bigint))*;\n`)
)

// sendable returns what is sent for a statement, false where it is none that may be.
func sendable(statement string) (sent string, ok bool) {
	if statement == showPlan {
		return statement, true
	}
	question := statement
	for _, first := range []*regexp.Regexp{declares, caller} {
		if at := first.FindStringIndex(question); at != nil {
			question = question[at[1]:]
		}
	}
	if !onlyReads(question) {
		return "", false
	}
	if len(question) == len(statement) {
		return strings.Replace(callerFirst, "%", "NULL", 1) + statement, true
	}
	return statement, true
}

// onlyReads reports whether a statement is one question and nothing else.
func onlyReads(question string) bool {
	if !strings.HasPrefix(question, "SELECT ") && !strings.HasPrefix(question, "WITH [") {
		return false
	}
	collation := false // a collation's name is the only word that is not on the list
	for at := 0; at < len(question); {
		end := piece(question, at)
		if end <= at {
			return false
		}
		if first := question[at]; isLetter(first) && question[end-1] != '\'' {
			word := question[at:end]
			if !collation && !allowed(word) {
				return false
			}
			collation = word == "COLLATE"
		} else if first != ' ' && first != '\n' {
			collation = false
		}
		at = end
	}
	return true
}

// piece finds the end of what begins at a place: a blank, a name in brackets, a text in quotes, a parameter, a number, a sign or a
// word. It is not after that place for anything else, such as a comment.
func piece(text string, at int) (end int) {
	first := text[at]
	switch {
	case first == '[':
		return closing(text, at+1, ']')
	case first == '\'':
		return closing(text, at+1, '\'')
	case first == 'N' && strings.HasPrefix(text[at+1:], "'"):
		return closing(text, at+2, '\'')
	case first == '-' && strings.HasPrefix(text[at+1:], "-"):
		return at
	case first == '@' && strings.HasPrefix(text[at+1:], "p"):
		return number(text, at, at+2)
	case isLetter(first):
		return word(text, at)
	case isDigit(first):
		return number(text, at, at)
	case strings.IndexByte(" \n(),.=<>+*-", first) >= 0:
		return at + 1
	}
	return at
}

// number finds the end of digits, and goes back where a word begins there, which the server would read as one of its own.
func number(text string, back, at int) (end int) {
	for end = at; end < len(text) && isDigit(text[end]); {
		end++
	}
	if end == at || word(text, end) > end {
		return back
	}
	return end
}

// word finds the end of letters and digits.
func word(text string, at int) int {
	for at < len(text) && (isLetter(text[at]) || isDigit(text[at])) {
		at++
	}
	return at
}

// closing finds the place behind a quoted text's last quote, which is doubled within; 0 where there is none.
func closing(text string, at int, quote byte) int {
	for ; at < len(text); at++ {
		if text[at] != quote {
			continue
		}
		if at+1 == len(text) || text[at+1] != quote {
			return at + 1
		}
		at++
	}
	return 0
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isLetter(c byte) bool { return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// allowed are the words of questions, as they are written there.
func allowed(word string) bool {
	switch word {
	case "SELECT", "WITH", "TOP", "DISTINCT", "FROM", "AS", "JOIN", "LEFT", "ON", "WHERE", "AND", "OR", "NOT", "IS", "NULL", "IN", "BETWEEN", "EXISTS",
		"CASE", "WHEN", "THEN", "ELSE", "END", "UNION", "ALL", "GROUP", "ORDER", "BY", "DESC", "OPTION", "MAXDOP", "COLLATE", "AT", "TIME", "ZONE":
		return true
	case "CAST", "CONVERT", "TRY_CONVERT", "COALESCE", "ISNULL", "NULLIF", "LOWER", "UPPER", "LTRIM", "RTRIM", "REPLACE", "SUBSTRING", "LEN",
		"DATALENGTH", "NCHAR", "MIN", "MAX", "OPENJSON":
		return true
	case "nvarchar", "varchar", "max", "bigint", "float", "decimal", "date", "datetime2":
		return true
	}
	return word == "SCHEMA_NAME" || word == "DB_ID"
}
