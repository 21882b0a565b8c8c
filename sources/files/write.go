package files

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// Write writes a file of a folder, which is made where it is not there, for its owner alone: a .json file of one object, or an .ndjson
// file of many.
func Write(folder, name string, objects ...Object) error {
	var text bytes.Buffer
	for _, each := range objects {
		line, err := json.Marshal(each)
		if err != nil {
			return fmt.Errorf("write %s: not JSON", masked(name))
		}
		text.Write(append(line, '\n'))
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make a folder for files: %w", err)
	}
	return os.WriteFile(filepath.Join(folder, name), text.Bytes(), 0o600)
}
