package testkit

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// javaServer is a server in Java that .ci/install has put together from a recipe in this folder, and that starts at most once. It prints
// its port when it answers.
type javaServer struct {
	once   sync.Once
	keeper *keeper
	port   int
	err    error
}

// javaRecipe says how a server is put together and run.
type javaRecipe struct {
	folder, class string // of internal/testkit, and the class in it
	called        string // by people
	java          func() (string, error)
	arguments     []string
}

// javaLimit is how long a server may take to start: a dozen seconds of one core, and a machine may be busy with other tests.
const javaLimit = 3 * time.Minute

// ready fails the test where the server could not be started, and says NOT RUN where it is not installed.
func (s *javaServer) ready(t testing.TB) {
	t.Helper()
	switch {
	case errors.Is(s.err, errNotInstalled):
		NotRun(t, s.err.Error())
	case s.err != nil:
		t.Fatalf("starting a server: %v", s.err)
	}
}

func (s *javaServer) start(root string, r javaRecipe) {
	java, folder, err := r.installed(root)
	if err != nil {
		s.err = err
		return
	}
	classpath, err := os.ReadFile(filepath.Join(folder, "classpath"))
	if err != nil {
		s.err = fmt.Errorf("read the class path: %w", err)
		return
	}
	place, err := os.MkdirTemp("", "onelondon-"+r.folder+"-")
	if err != nil {
		s.err = fmt.Errorf("make a folder: %w", err)
		return
	}
	s.keeper, s.err = keep(account{}, home(place), "KILL", append([]string{
		java, "-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Djava.io.tmpdir=" + place,
		"-cp", folder + string(os.PathListSeparator) + strings.TrimSpace(string(classpath)), r.class,
	}, r.arguments...))
	if s.err == nil {
		s.err = s.waitUntilReady()
	}
}

// installed is where the programs are: .ci/install names the folder by what the server is made from.
func (r *javaRecipe) installed(root string) (java, folder string, err error) {
	digest := sha256.New()
	for _, name := range []string{"pom.xml", r.class + ".java"} {
		text, err := os.ReadFile(filepath.Join(root, "internal/testkit", r.folder, name))
		if err != nil {
			return "", "", fmt.Errorf("read how it is put together: %w", err)
		}
		digest.Write(text)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", "", fmt.Errorf("%s (no cache folder): %w", r.called, errNotInstalled)
	}
	folder = filepath.Join(cache, "onelondon", fmt.Sprintf("%s-%.16x", r.folder, digest.Sum(nil)[:8]))
	java, err = r.java()
	if _, missing := os.Stat(folder); err != nil || missing != nil {
		return "", "", fmt.Errorf("%s (java, and what .ci/install makes with Maven): %w", r.called, errNotInstalled)
	}
	return java, folder, nil
}

// waitUntilReady waits for the line with which the server says where it listens.
func (s *javaServer) waitUntilReady() error {
	for until := time.Now().Add(javaLimit); time.Now().Before(until); {
		if _, said, ok := strings.Cut("\n"+s.keeper.lastWords()+"\n", "\nport "); ok {
			if _, err := fmt.Sscanf(said, "%d\n", &s.port); err == nil {
				return nil
			}
		}
		select {
		case <-s.keeper.ended:
			return fmt.Errorf("the server ended: %s", s.keeper.lastWords())
		case <-time.After(50 * time.Millisecond):
		}
	}
	return fmt.Errorf("no answer in %s: %s", javaLimit, s.keeper.lastWords())
}

func (s *javaServer) stop() {
	if s.keeper != nil {
		s.keeper.stop()
	}
}

func anyJava() (string, error) { return exec.LookPath("java") }

// java21 finds a Java of release 21 or later, at the places where .ci/install looks.
func java21() (string, error) {
	homes, _ := filepath.Glob("/usr/lib/jvm/*") // the pattern is well formed
	for _, home := range append([]string{os.Getenv("JAVA_HOME")}, homes...) {
		java := filepath.Join(home, "bin/java")
		if _, err := os.Stat(filepath.Join(home, "bin/javac")); home == "" || err != nil {
			continue
		}
		ctx, cancel := context.WithTimeout(context.Background(), adminLimit)
		said, err := exec.CommandContext(ctx, java, "-XshowSettings:properties", "-version").CombinedOutput()
		cancel()
		var release int
		_, after, _ := strings.Cut(string(said), "java.specification.version = ")
		if _, scanned := fmt.Sscanf(after, "%d", &release); err == nil && scanned == nil && release >= 21 {
			return java, nil
		}
	}
	return "", fmt.Errorf("a Java of release 21: %w", errNotInstalled)
}
