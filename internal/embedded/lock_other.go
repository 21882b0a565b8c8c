//go:build !unix

package embedded

import (
	"fmt"
	"os"
)

// lock opens the lock file. Without advisory locks a second writer is found only when its rows break the first one's count:
// see [Log.Append]. Run one process a file.
func lock(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock: %w", err)
	}
	return file, nil
}
