package postgres

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"onelondon/internal/embedded"
)

//go:embed migrations/*.sql
var migrations embed.FS

// versions is the table in which goose keeps which migrations were made.
const versions = "log_version"

// migrate brings the database to the present form. Replicas that start together take turns.
func migrate(ctx context.Context, pool *pgxpool.Pool, create bool) error {
	var there bool
	if err := pool.QueryRow(ctx, "SELECT to_regclass($1) IS NOT NULL", versions).Scan(&there); err != nil {
		return fmt.Errorf("look for the log: %w", err)
	}
	if !there && !create {
		return embedded.ErrMissing
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	turn, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 60)) // tried every second for a minute
	if err != nil {
		return fmt.Errorf("prepare the migrations: %w", err)
	}
	db := stdlib.OpenDBFromPool(pool)
	defer func() { _ = db.Close() }()
	provider, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithTableName(versions), goose.WithSessionLocker(turn))
	if err != nil {
		return fmt.Errorf("prepare the migrations: %w", err)
	}
	pending := !there
	if there {
		if pending, err = provider.HasPending(ctx); err != nil {
			return fmt.Errorf("look for migrations: %w", err)
		}
	}
	if pending {
		if _, err := provider.Up(ctx); err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
	}
	return checkVersion(ctx, provider)
}

func checkVersion(ctx context.Context, provider *goose.Provider) error {
	version, err := provider.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("read the version: %w", err)
	}
	known := provider.ListSources()
	if last := known[len(known)-1].Version; version > last {
		return fmt.Errorf("%w: version %d, known up to %d", embedded.ErrNewer, version, last)
	}
	return nil
}
