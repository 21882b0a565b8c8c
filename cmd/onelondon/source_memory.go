package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"onelondon/sources"
)

// memory is the layout of each source, by id, when it was last found without a fault. It holds names and types, but no
// values.
type memory map[string]sources.Layout

// rememberedIn reads a memory. A file that does not exist yet is an empty memory.
func rememberedIn(path string) (memory, error) {
	read := memory{}
	if path == "" {
		return read, nil
	}
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return read, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read what is remembered: %w", err)
	}
	if err := json.Unmarshal(content, &read); err != nil {
		return nil, fmt.Errorf("read what is remembered: %s is not a file of source check", path)
	}
	return read, nil
}

// keep replaces the file with the memory, completely or not at all.
func (m memory) keep(path string) error {
	if path == "" {
		return nil
	}
	content, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return fmt.Errorf("remember: %w", err)
	}
	if err := os.WriteFile(path+".new", append(content, '\n'), 0o600); err != nil {
		return fmt.Errorf("remember: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("remember: %w", err)
	}
	return nil
}
