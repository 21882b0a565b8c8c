package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"onelondon/sources"
)

// memory is what each source looked like when it was last found without a fault, by its id. It holds names and types, no value.
type memory map[string]sources.Layout

// rememberedIn reads a memory. A file that is not there yet remembers nothing.
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

// keep writes the memory in the place of the file, whole or not at all.
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
