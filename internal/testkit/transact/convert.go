package transact

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

// isoStyle is the style 121.
const isoStyle = 121

func units(text string) []uint16 { return utf16.Encode([]rune(text)) }

func ofUnits(units []uint16) string { return string(utf16.Decode(units)) }

// convert makes a value of a type, or fails as the server does.
func convert(value any, to dataType, style int) any {
	if value == nil {
		return nil
	}
	switch {
	case isText(to.name):
		return cut(textOf(value, style), to)
	case isMoment(to.name):
		return momentOf(value, to.name)
	}
	switch to.name {
	case "bit":
		if numberOf(value) != 0 {
			return int64(1)
		}
		return int64(0)
	case "int", "bigint", "smallint", "tinyint":
		return wholeOf(value)
	case "float", "real":
		return numberOf(value)
	case "decimal", "numeric":
		return decimal{numberOf(value), to.width}
	case "money", "smallmoney":
		return decimal{numberOf(value), 4}
	}
	fail("cannot convert to %s", to.name)
	return nil
}

// cut cuts text to a length; varchar has no letters beyond Latin.
func cut(text string, to dataType) string {
	if to.name == "varchar" || to.name == "char" {
		text = strings.Map(func(r rune) rune {
			if r > 0xff {
				return '?'
			}
			return r
		}, text)
	}
	if all := units(text); to.width > 0 && len(all) > to.width {
		return ofUnits(all[:to.width])
	}
	return text
}

func textOf(value any, style int) string {
	switch v := value.(type) {
	case string:
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'g', 6, 64) // six digits, and an exponent where they do not do
	case decimal:
		return v.String()
	case moment:
		if (v.kind == "datetime" || v.kind == "smalldatetime") && style != isoStyle {
			at, err := time.Parse("2006-01-02 15:04:05", v.text[:19])
			if err != nil {
				fail("moment %q", v.text)
			}
			return at.Format("Jan _2 2006 ") + fmt.Sprintf("%7s", at.Format("3:04PM"))
		}
		return v.text
	}
	fail("cannot write %T as text", value)
	return ""
}

func wholeOf(value any) int64 {
	switch v := value.(type) {
	case int64:
		return v
	case float64:
		return int64(v)
	case decimal:
		if v.value >= math.MaxInt64 {
			return math.MaxInt64
		}
		return int64(v.value)
	case string:
		text := strings.Trim(v, " ")
		if text == "" {
			return 0
		}
		number, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			fail("error 245: conversion failed when converting a text to int")
		}
		return number
	}
	fail("cannot convert %T to int", value)
	return 0
}

func numberOf(value any) float64 {
	switch v := value.(type) {
	case int64:
		return float64(v)
	case float64:
		return v
	case decimal:
		return v.value
	case string:
		text := strings.Trim(v, " ")
		if text == "" {
			return 0
		}
		number, err := strconv.ParseFloat(text, 64)
		if err != nil || strings.ContainsAny(text, "xXpP_iInN") {
			fail("error 8114: error converting a text to float")
		}
		return number
	}
	fail("cannot convert %T to float", value)
	return 0
}

// momentOf reads text as ISO 8601 writes it; a session's DATEFORMAT is ymd.
func momentOf(value any, kind string) moment {
	text := ""
	switch v := value.(type) {
	case moment:
		text = v.text
	case string:
		if text = strings.TrimSpace(v); text == "" {
			text = "1900-01-01"
		}
	default:
		fail("cannot convert %T to %s", value, kind)
	}
	at := parsed(text)
	if kind == "datetime" && at.Year() < 1753 || kind == "smalldatetime" && (at.Year() < 1900 || at.Year() > 2078) {
		fail("error 242: the conversion to %s resulted in an out-of-range value", kind)
	}
	switch kind {
	case "date":
		return moment{at.Format("2006-01-02"), kind}
	case "time":
		return moment{at.Format("15:04:05.0000000"), kind}
	case "datetime", "smalldatetime":
		return moment{at.Format("2006-01-02 15:04:05.000"), kind}
	}
	return moment{at.Format("2006-01-02 15:04:05.0000000"), kind}
}

func parsed(text string) time.Time {
	for _, layout := range []string{"2006-01-02", "2006-01-02 15:04:05", "2006-01-02T15:04:05", "15:04:05", "2006-01-02 15:04"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at
		}
	}
	fail("error 241: conversion failed when converting date and/or time from a text")
	return time.Time{}
}
