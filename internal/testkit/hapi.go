package testkit

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
)

// hapi is a HAPI FHIR server that starts at most once.
type hapi struct {
	javaServer
	base       string
	partitions atomic.Int64
}

// HAPI returns the base address of an empty FHIR R4 server that nobody here wrote: a partition of this process's HAPI FHIR JPA server, which is
// started if need be and has its database in memory (internal/testkit/hapi puts it together). It sends at most 200 resources a page. Ids are
// given once for all tests of a process.
// Where .ci/install has not installed it the test is [NotRun].
func HAPI(t testing.TB) string {
	t.Helper()
	process.hapi.once.Do(func() {
		process.hapi.start(Root(t), javaRecipe{folder: "hapi", class: "Hapi", called: "HAPI FHIR", java: anyJava})
		process.hapi.base = fmt.Sprintf("http://127.0.0.1:%d/R4", process.hapi.port)
	})
	process.hapi.ready(t)
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
