package translation_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// seed is what the tests draw by: the same each time, so that what is noticed once is noticed again.
const seed = "7"

// patience is how long tests may take under a break, and most how many kilobytes they may map: some breaks make a list grow
// without end. Who would take longer or more has noticed.
const (
	patience = 10 * time.Minute
	most     = 6_000_000
)

// fails runs tests with some breaks in force, at most two, and says which of them fails, if any does.
func (all *breakages) fails(ctx context.Context, by noticer, numbers ...int) (which string, err error) {
	if err := all.compile(ctx, by.folder); err != nil {
		return "", err
	}
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	arguments := append([]string{"-test.failfast", "-test.run=" + by.tests}, strings.Fields(by.flags)...)
	test := append([]string{"-c", fmt.Sprintf(`ulimit -v %d; exec "$@"`, most), "test", filepath.Join(all.folder, filepath.Base(by.folder)+".test")}, arguments...)
	command := exec.CommandContext(limited, "sh", test...)
	command.Dir = filepath.Join("../..", by.folder)
	command.Env = append(os.Environ(), inForce+"="+strings.Trim(strings.ReplaceAll(fmt.Sprint(numbers), " ", ","), "[]"), "ONELONDON_SEED="+seed, "ONELONDON_PROVE=", "ONELONDON_COUNTS=")
	output, err := command.CombinedOutput()
	var ended *exec.ExitError
	switch {
	case limited.Err() != nil && ctx.Err() == nil:
		return by.folder + ": does not end", nil
	case errors.As(err, &ended):
		return by.folder + ": " + named(output) + leaked(output), nil
	}
	return "", err
}

// notices says who notices a break, once they are known to notice none where there is none.
func (all *breakages) notices(ctx context.Context, by noticer, number int) (which string, err error) {
	if which, err = all.fails(ctx, by, number); which == "" || err != nil {
		return which, err
	}
	all.mutex.Lock()
	falsely, asked := all.sound[by]
	all.mutex.Unlock()
	if !asked {
		if falsely, err = all.fails(ctx, by); err != nil {
			return "", err
		}
		all.mutex.Lock()
		all.sound[by] = falsely
		all.mutex.Unlock()
	}
	if falsely != "" {
		return "", fmt.Errorf("with nothing broken: %s", falsely)
	}
	return which, nil
}

var failure = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)|^(panic: .*)`)

// named is the test that fails by what it printed.
func named(output []byte) string {
	found := failure.FindSubmatch(output)
	if found == nil {
		return fmt.Sprintf("%.200s", output)
	}
	return string(found[1]) + string(found[2])
}

// leaked says that a mark of a record left that was withheld, which only the proof of leaks prints.
func leaked(output []byte) string {
	if strings.Contains(string(output), "LEAKED to ") {
		return ", a record leaked"
	}
	return ""
}
