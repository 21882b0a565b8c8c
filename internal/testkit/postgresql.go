package testkit

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

func findPostgreSQL() (engine, error) {
	const folder = "/usr/lib/postgresql/*/bin"
	initdb, foundInit := find("initdb", folder)
	server, foundServer := find("postgres", folder)
	if !foundInit || !foundServer {
		return engine{}, fmt.Errorf("PostgreSQL (initdb, postgres): %w", errNotInstalled)
	}
	return engine{
		name:     "PostgreSQL",
		driver:   "pgx",
		accounts: []string{"postgres", "nobody"},
		version:  []string{server, "--version"},
		files:    map[string]string{"password": password},
		initialise: func(h home) []string {
			return []string{
				initdb, "-D", h.data(), "-U", owner, "--pwfile=" + h.file("password"),
				"--auth=scram-sha-256", "--encoding=UTF8", "--locale=C",
				// Real servers sort by language; the C locale would hide a missing COLLATE.
				"--locale-provider=icu", "--icu-locale=en-GB",
				"--no-sync", "--wal-segsize=1",
			}
		},
		serve: func(h home, port int) []string {
			return append([]string{server, "-D", h.data()}, postgreSQLSettings(port)...)
		},
		stopSignal: "QUIT", // at once, and unlike KILL it gives shared memory back
		dsn:        postgreSQLDSN,
		database:   postgreSQLDatabase,
		whose:      "SHOW data_directory",
		admin:      "postgres",
		create:     createPostgreSQL,
		prepare:    preparePostgreSQL,
		drop: func(database, reader string) []string {
			return []string{"DROP DATABASE " + database + " WITH (FORCE)", "DROP ROLE " + reader}
		},
	}, nil
}

func postgreSQLSettings(port int) []string {
	var settings []string
	for _, setting := range []string{
		"listen_addresses=127.0.0.1", "port=" + strconv.Itoa(port), "unix_socket_directories=",
		"fsync=off", "synchronous_commit=off", "full_page_writes=off",
		"wal_level=minimal", "max_wal_senders=0", "max_wal_size=256MB",
		"shared_buffers=64MB",
		// A test with hundreds of configured sources opens a connection for each.
		"max_connections=500",
	} {
		settings = append(settings, "-c", setting)
	}
	return settings
}

func postgreSQLDSN(port int, user, database string) string {
	return fmt.Sprintf("postgres://%s:%s@127.0.0.1:%d/%s?sslmode=disable", user, password, port, database)
}

func postgreSQLDatabase(dsn string) (string, error) {
	address, err := url.Parse(dsn)
	if err != nil {
		return "", fmt.Errorf("parse: %w", err)
	}
	return strings.TrimPrefix(address.Path, "/"), nil
}

func createPostgreSQL(database, reader string) []string {
	return []string{
		"CREATE DATABASE " + database,
		"CREATE ROLE " + reader + " LOGIN PASSWORD '" + password + "'",
		// Everybody may connect and make temporary tables unless told otherwise.
		"REVOKE ALL ON DATABASE " + database + " FROM PUBLIC",
		"GRANT CONNECT ON DATABASE " + database + " TO " + reader,
	}
}

func preparePostgreSQL(reader string) []string {
	return []string{
		"REVOKE ALL ON SCHEMA public FROM PUBLIC",
		"GRANT USAGE ON SCHEMA public TO " + reader,
		"ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO " + reader,
		"ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO " + reader,
	}
}
