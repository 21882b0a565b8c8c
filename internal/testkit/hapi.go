package testkit

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// hapi is a HAPI FHIR server that starts at most once.
type hapi struct {
	once       sync.Once
	keeper     *keeper
	base       string
	err        error
	partitions atomic.Int64
}

// hapiLimit is how long the server may take to start: a dozen seconds of one core, and a machine may be busy with other tests.
const hapiLimit = 3 * time.Minute

// HAPI returns the base address of an empty FHIR R4 server that nobody here wrote: a partition of this process's HAPI FHIR JPA server, which is
// started if need be and has its database in memory (internal/testkit/hapi puts it together). It sends at most 50 resources a page. Ids are
// given once for all tests of a process.
// Where .ci/install has not installed it the test is [NotRun].
func HAPI(t testing.TB) string {
	t.Helper()
	process.hapi.once.Do(func() { process.hapi.start(filepath.Join(Root(t), "internal/testkit/hapi")) })
	switch {
	case errors.Is(process.hapi.err, errNotInstalled):
		NotRun(t, process.hapi.err.Error())
	case process.hapi.err != nil:
		t.Fatalf("starting HAPI FHIR: %v", process.hapi.err)
	}
	name := fmt.Sprintf("test%d", process.hapi.partitions.Add(1))
	if err := process.hapi.partition(name); err != nil {
		t.Fatalf("making a partition of HAPI FHIR: %v", err)
	}
	return process.hapi.base + "/" + name
}

// partition makes a server of its own under the base address.
func (h *hapi) partition(name string) error {
	body := fmt.Sprintf(`{"resourceType": "Parameters", "parameter": [{"name": "id", "valueInteger": %s}, {"name": "name", "valueCode": %q}]}`,
		strings.TrimPrefix(name, "test"), name)
	asking := http.Client{Timeout: adminLimit}
	reply, err := asking.Post(h.base+"/DEFAULT/$partition-management-create-partition", "application/fhir+json", strings.NewReader(body))
	if err != nil {
		return fmt.Errorf("ask: %w", err)
	}
	defer reply.Body.Close()
	if reply.StatusCode != http.StatusOK {
		said, _ := io.ReadAll(io.LimitReader(reply.Body, 1000))
		return fmt.Errorf("status %d: %s", reply.StatusCode, said)
	}
	return nil
}

func (h *hapi) start(recipe string) {
	java, folder, err := hapiIn(recipe)
	if err != nil {
		h.err = err
		return
	}
	classpath, err := os.ReadFile(filepath.Join(folder, "classpath"))
	if err != nil {
		h.err = fmt.Errorf("read the class path: %w", err)
		return
	}
	place, err := os.MkdirTemp("", "onelondon-hapi-")
	if err != nil {
		h.err = fmt.Errorf("make a folder: %w", err)
		return
	}
	h.keeper, h.err = keep(account{}, home(place), "KILL", []string{
		java, "-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Djava.io.tmpdir=" + place,
		"-cp", folder + string(os.PathListSeparator) + strings.TrimSpace(string(classpath)), "Hapi",
	})
	if h.err == nil {
		h.err = h.waitUntilReady()
	}
}

// hapiIn is where the programs are: .ci/install names the folder by what the server is made from.
func hapiIn(recipe string) (java, folder string, err error) {
	digest := sha256.New()
	for _, name := range []string{"pom.xml", "Hapi.java"} {
		text, err := os.ReadFile(filepath.Join(recipe, name))
		if err != nil {
			return "", "", fmt.Errorf("read how it is put together: %w", err)
		}
		digest.Write(text)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", "", fmt.Errorf("HAPI FHIR (no cache folder): %w", errNotInstalled)
	}
	folder = filepath.Join(cache, "onelondon", fmt.Sprintf("hapi-%.16x", digest.Sum(nil)[:8]))
	java, err = exec.LookPath("java")
	if _, missing := os.Stat(folder); err != nil || missing != nil {
		return "", "", fmt.Errorf("HAPI FHIR (java, and what .ci/install makes with Maven): %w", errNotInstalled)
	}
	return java, folder, nil
}

// waitUntilReady waits for the line with which the server says where it listens.
func (h *hapi) waitUntilReady() error {
	for until := time.Now().Add(hapiLimit); time.Now().Before(until); {
		var port int
		if _, said, ok := strings.Cut("\n"+h.keeper.lastWords()+"\n", "\nport "); ok {
			if _, err := fmt.Sscanf(said, "%d\n", &port); err == nil {
				h.base = fmt.Sprintf("http://127.0.0.1:%d/R4", port)
				return nil
			}
		}
		select {
		case <-h.keeper.ended:
			return fmt.Errorf("the server ended: %s", h.keeper.lastWords())
		case <-time.After(50 * time.Millisecond):
		}
	}
	return fmt.Errorf("no answer in %s: %s", hapiLimit, h.keeper.lastWords())
}

func (h *hapi) stop() {
	if h.keeper != nil {
		h.keeper.stop()
	}
}
