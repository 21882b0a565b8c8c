package main

import (
	"bufio"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode"
)

// writeTo writes a file completely or not at all, or to out if no file is named.
func writeTo(name string, out io.Writer, write func(io.Writer) error) (err error) {
	if name == "" {
		return write(out)
	}
	file, err := os.CreateTemp(filepath.Dir(name), ".onelondon-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(file.Name())
		}
	}()
	buffered := bufio.NewWriter(file)
	if err := errors.Join(write(buffered), buffered.Flush(), file.Chmod(0o644), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), name)
}

// printableLine makes text from a server safe to print on one line of a terminal.
func printableLine(text string) string {
	return strings.Map(func(letter rune) rune {
		switch {
		case letter == '\n' || letter == '\t':
			return ' '
		case unicode.IsControl(letter):
			return '\uFFFD'
		}
		return letter
	}, text)
}

// terminal reports whether output goes to a terminal.
func terminal(out io.Writer) bool {
	file, ok := out.(*os.File)
	if !ok || os.Getenv("TERM") == "dumb" {
		return false
	}
	about, err := file.Stat()
	return err == nil && about.Mode()&os.ModeCharDevice != 0
}
