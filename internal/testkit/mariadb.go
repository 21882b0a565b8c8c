package testkit

import (
	"fmt"
	"strconv"

	"github.com/go-sql-driver/mysql"
)

func findMariaDB() (engine, error) {
	install, foundInstall := find("mariadb-install-db", "/usr/bin", "/usr/local/bin")
	server, foundServer := find("mariadbd", "/usr/sbin", "/usr/local/sbin", "/usr/libexec")
	if !foundInstall || !foundServer {
		return engine{}, fmt.Errorf("MariaDB (mariadb-install-db, mariadbd): %w", errNotInstalled)
	}
	return engine{
		name:     "MariaDB",
		driver:   "mysql",
		accounts: []string{"mysql", "nobody"},
		version:  []string{server, "--no-defaults", "--version"},
		files:    map[string]string{"start.sql": mariaDBOwner()},
		initialise: func(h home) []string {
			return append([]string{
				install, "--no-defaults", "--datadir=" + h.data(), "--skip-test-db",
				"--auth-root-authentication-method=normal",
			}, mariaDBSettings()...)
		},
		serve: func(h home, port int) []string {
			return append([]string{
				server, "--no-defaults", "--datadir=" + h.data(),
				"--init-file=" + h.file("start.sql"),
				"--bind-address=127.0.0.1", "--port=" + strconv.Itoa(port),
				"--socket=socket", // within the data folder: a whole path may be too long
				// A server that starts clears its folder for temporary tables, another server's among them.
				"--tmpdir=" + h.data(),
				"--pid-file=pid",
				// Debian's own settings; compiled in is latin1.
				"--character-set-server=utf8mb4", "--collation-server=utf8mb4_general_ci",
				// A test with hundreds of configured sources opens a connection for each.
				"--max-connections=500",
			}, mariaDBSettings()...)
		},
		stopSignal: "KILL",
		dsn:        mariaDBDSN,
		database:   mariaDBDatabase,
		whose:      "SELECT @@datadir",
		admin:      "mysql",
		create:     createMariaDB,
		prepare:    func(string) []string { return nil },
		drop: func(database, reader string) []string {
			return []string{"DROP DATABASE " + database, "DROP USER " + reader}
		},
	}, nil
}

// mariaDBOwner is run at every start, before connections are taken. The root
// accounts that come without a password do not match a TCP connection here,
// because names are not resolved.
func mariaDBOwner() string {
	return fmt.Sprintf("CREATE USER IF NOT EXISTS %s IDENTIFIED BY '%s';\n"+
		"GRANT ALL ON *.* TO %s WITH GRANT OPTION;\n", owner, password, owner)
}

func mariaDBSettings() []string {
	return []string{
		"--skip-name-resolve",
		"--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0", "--innodb-flush-method=nosync",
		"--innodb-log-file-size=16M", "--innodb-buffer-pool-size=64M", "--aria-pagecache-buffer-size=8M",
	}
}

func mariaDBDSN(port int, user, database string) string {
	return fmt.Sprintf("%s:%s@tcp(127.0.0.1:%d)/%s?charset=utf8mb4", user, password, port, database)
}

func mariaDBDatabase(dsn string) (string, error) {
	config, err := mysql.ParseDSN(dsn)
	if err != nil {
		return "", fmt.Errorf("parse: %w", err)
	}
	return config.DBName, nil
}

func createMariaDB(database, reader string) []string {
	return []string{
		"CREATE DATABASE " + database,
		"CREATE USER " + reader + " IDENTIFIED BY '" + password + "'",
		"GRANT SELECT ON " + database + ".* TO " + reader,
	}
}
