package testkit

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"testing"
	"time"
)

// SQLServerVariable names the environment variable that holds the DSN, a URL, of a SQL Server whose login may make and drop
// databases.
const SQLServerVariable = "ONELONDON_SQLSERVER"

// SQLServer makes a database of the test's own, which allows snapshots, on the server that [SQLServerVariable] names, and returns its
// DSN; see [Address] for where it names none. The test's package imports the driver "sqlserver".
func SQLServer(t testing.TB) string {
	t.Helper()
	address, err := url.Parse(Address(t, SQLServerVariable, "SQL Server"))
	if err != nil || address.Scheme != "sqlserver" {
		t.Fatalf("%s is no URL of a SQL Server", SQLServerVariable)
	}
	owner, err := sql.Open("sqlserver", address.String())
	if err != nil {
		t.Fatalf("open the server that %s names: its DSN cannot be read", SQLServerVariable)
	}
	name := fmt.Sprintf("onelondon_%d", time.Now().UnixNano())
	run := func(ctx context.Context, statements ...string) {
		for _, statement := range statements {
			if _, err := owner.ExecContext(ctx, statement); err != nil {
				t.Errorf("%s: %v", statement, err)
			}
		}
	}
	t.Cleanup(func() {
		run(context.WithoutCancel(t.Context()), "ALTER DATABASE ["+name+"] SET SINGLE_USER WITH ROLLBACK IMMEDIATE", "DROP DATABASE ["+name+"]")
		owner.Close()
	})
	run(t.Context(), "CREATE DATABASE ["+name+"]", "ALTER DATABASE ["+name+"] SET ALLOW_SNAPSHOT_ISOLATION ON")
	if t.Failed() {
		t.FailNow()
	}
	query := address.Query()
	query.Set("database", name)
	address.RawQuery = query.Encode()
	return address.String()
}
