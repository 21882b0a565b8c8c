package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// A commit is on the disk once its pages are in the write-ahead log and the log has been flushed. Two things make a caller
// wait for more than that, and both are kept off its path: a log that grows with each commit, since a flush must then write
// the file's new length and extents as well, and a checkpoint, which flushes two files.
const (
	// layout is how long the write-ahead log is made at opening: some more than tidyRows commits of one row and their tags
	// take, a frame being a page of 4,096 bytes with 24 before it.
	layout = 1280 * (4096 + 24)
	// tidyRows is how many rows are written before the log is tidied, once nobody waits.
	tidyRows = 384
	// overdueRows is how many are written before it is tidied though somebody does.
	overdueRows = 2 * tidyRows
)

// layOut lengthens the write-ahead log with zeros, so that commits overwrite and need not grow it. SQLite reads no further
// than the last frame whose salts and checksums follow from those before it, and zeros do not; it never shortens the file
// while it is open. A log that is this long already is left alone.
func layOut(path string) (err error) {
	file, err := os.OpenFile(path+"-wal", os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("open the write-ahead log: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("measure the write-ahead log: %w", err)
	}
	if info.Size() >= layout {
		return nil
	}
	if _, err := file.WriteAt(make([]byte, layout-info.Size()), info.Size()); err != nil {
		return fmt.Errorf("lengthen the write-ahead log: %w", err)
	}
	if err := file.Sync(); err != nil {
		return fmt.Errorf("flush the write-ahead log: %w", err)
	}
	return nil
}

// Due counts rows.
func (f *file) Due(waiting bool) bool {
	written := f.session.untidied
	return written >= overdueRows || !waiting && written >= tidyRows
}

// Tidy checkpoints.
func (f *file) Tidy(ctx context.Context) error {
	f.session.untidied = 0
	return f.session.checkpoint(ctx)
}
