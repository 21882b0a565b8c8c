package disclosure

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"onelondon/internal/cohort"
	"onelondon/internal/embedded"
)

// purpose is what the log is for, so that no other log is taken for one.
const purpose = "disclosure"

// Options say which project's ledger to open.
type Options struct {
	Path string       // of its file, which is made where there is none
	Key  embedded.Key // of this project and no other
	Log  *slog.Logger
	Now  func() time.Time
}

// Ledger is what one project was answered. A question is held against all before it, and only one is decided at a time. It is
// safe for concurrent use, and for one process.
type Ledger struct {
	options Options
	log     *embedded.Log
	memory  *memory
	turn    chan struct{} // holds one token, which whoever decides has taken
}

// Open opens a project's ledger and proves it whole: one that was changed, cut or put together is [embedded.ErrBroken].
func Open(ctx context.Context, options Options) (*Ledger, error) {
	if options.Now == nil {
		options.Now = time.Now
	}
	l := &Ledger{options: options, memory: newMemory(), turn: make(chan struct{}, 1)}
	opened, err := embedded.Open(ctx, embedded.Options{Path: options.Path, Purpose: purpose, Key: options.Key, Log: options.Log, Follower: l.memory})
	if err != nil {
		return nil, fmt.Errorf("open the ledger of a project: %w", err)
	}
	l.log = opened
	l.turn <- struct{}{}
	return l, nil
}

// Close lets go of the file.
func (l *Ledger) Close() error { return l.log.Close() }

// Forget ends the project: the ledger is closed and its file deleted, with everybody's stand-ins in it.
func (l *Ledger) Forget() error {
	if err := l.log.Close(); err != nil {
		return fmt.Errorf("forget a project: %w", err)
	}
	for _, beside := range []string{"", "-wal", "-shm", "-lock"} {
		if err := os.Remove(l.options.Path + beside); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("forget a project: %w", err)
		}
	}
	return nil
}

// Told is an answer that the project got.
type Told struct {
	*cohort.Answer        // without figures where Withheld is set
	Withheld       string // why it is not given again, in sentences
}

// Answers lists what the project was told, newest first. Figures are given where the numbers in force protected them and who and
// what was left out is what the basis says.
func (l *Ledger) Answers(ctx context.Context, rules Rules, basis string) ([]Told, error) {
	if err := l.enter(ctx); err != nil {
		return nil, err
	}
	defer l.leave()
	all := make([]Told, 0, len(l.memory.told))
	for _, told := range l.memory.told {
		answer, err := told.under(rules, basis)
		if err == nil {
			all = append(all, Told{Answer: answer})
			continue
		}
		bare := *told.last().answer
		bare.Result = cohort.Result{}
		all = append(all, Told{Answer: &bare, Withheld: err.Error()})
	}
	slices.SortFunc(all, func(a, b Told) int {
		return cmp.Or(b.AnsweredAt.Compare(a.AnsweredAt), strings.Compare(a.Digest, b.Digest))
	})
	return all, nil
}

// enter waits for the turn to decide.
func (l *Ledger) enter(ctx context.Context) error {
	select {
	case <-l.turn:
	case <-ctx.Done():
		return fmt.Errorf("wait for a question of the project: %w", ctx.Err())
	}
	if l.memory.lost != nil {
		l.leave()
		return fmt.Errorf("the ledger of the project is out of sight: %w", l.memory.lost)
	}
	return nil
}

func (l *Ledger) leave() { l.turn <- struct{}{} }

// append writes an entry and waits until it is on the disk, whoever leaves meanwhile: the memory has taken it in by then, and
// nobody else may look at it before.
func (l *Ledger) append(ctx context.Context, e *entry) error {
	body, err := e.body()
	if err != nil {
		return err
	}
	if _, err := l.log.Append(context.WithoutCancel(ctx), embedded.Item{Body: body}); err != nil {
		return fmt.Errorf("keep a question of the project: %w", err)
	}
	return nil
}
