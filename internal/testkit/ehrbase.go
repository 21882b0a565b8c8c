package testkit

import (
	"fmt"
	"net/url"
	"testing"
)

// ehrbase is an EHRbase that starts at most once, over a database of this process's PostgreSQL.
type ehrbase struct{ javaServer }

// ehrbaseDatabase is the name of its database.
const ehrbaseDatabase = "ehrbase"

// EHRbase returns the base address of an openEHR server that nobody here wrote: this process's EHRbase, which is started if need be
// (internal/testkit/ehrbase puts it together). All tests of a process share its EHRs and templates, so that a test has its subjects in a
// namespace of its own. Where .ci/install has not installed it the test is [NotRun].
func EHRbase(t testing.TB) string {
	t.Helper()
	server := PostgreSQL(t)
	process.ehrbase.once.Do(func() {
		database, err := ehrbaseIn(server)
		if err != nil {
			process.ehrbase.err = err
			return
		}
		process.ehrbase.start(Root(t), javaRecipe{folder: "ehrbase", class: "Ehrbase", called: "EHRbase", java: java21, arguments: []string{database}})
	})
	process.ehrbase.ready(t)
	return fmt.Sprintf("http://127.0.0.1:%d/rest/openehr", process.ehrbase.port)
}

// ehrbaseIn makes the database and returns its address as Java has it. What EHRbase's own migrations want to find is what its manual says.
func ehrbaseIn(server *Server) (string, error) {
	if err := run(server.admin, []string{"CREATE DATABASE " + ehrbaseDatabase}); err != nil {
		return "", fmt.Errorf("make a database: %w", err)
	}
	dsn := server.engine.dsn(server.port, owner, ehrbaseDatabase)
	if err := server.runIn(dsn, []string{
		"CREATE SCHEMA ehr", "CREATE SCHEMA ext", `CREATE EXTENSION "uuid-ossp" SCHEMA ext`,
		"ALTER DATABASE " + ehrbaseDatabase + " SET search_path TO ehr, ext",
		"ALTER DATABASE " + ehrbaseDatabase + " SET intervalstyle = 'iso_8601'",
	}); err != nil {
		return "", fmt.Errorf("prepare the database: %w", err)
	}
	login := url.Values{"user": {owner}, "password": {password}}
	return fmt.Sprintf("jdbc:postgresql://127.0.0.1:%d/%s?%s", server.port, ehrbaseDatabase, login.Encode()), nil
}
