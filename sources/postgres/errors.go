package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"onelondon/sources"
	"onelondon/sources/sqlsource"
)

// fault is the error that the caller sees: the context's own, else the kind of failure.
func fault(ctx context.Context, err error) error {
	if ended := ctx.Err(); ended != nil {
		return ended
	}
	return classify(err)
}

// classify reduces an error to its kind and SQLSTATE, because a message may quote a value. Messages about missing
// tables and columns quote only names.
func classify(err error) error {
	var refused *pgconn.PgError
	if !errors.As(err, &refused) {
		return fmt.Errorf("%w: PostgreSQL", sources.ErrUnavailable)
	}
	return sources.WithCode(kindOf(refused), "SQLSTATE "+refused.Code)
}

func kindOf(refused *pgconn.PgError) error {
	code := refused.Code
	switch {
	case code == "42P01" || code == "42703":
		return fmt.Errorf("%w: %s", sources.ErrSchema, refused.Message)
	case code == "42501":
		return fmt.Errorf("%w: %w: SQLSTATE %s", sources.ErrSchema, sqlsource.ErrDenied, code)
	case code == "25006":
		return fmt.Errorf("%w: SQLSTATE %s", sqlsource.ErrReadOnly, code)
	case code == "57014":
		return fmt.Errorf("%w: SQLSTATE %s", context.DeadlineExceeded, code)
	case strings.HasPrefix(code, "42") || code == "22P02":
		return fmt.Errorf("%w: SQLSTATE %s", sources.ErrSchema, code)
	case strings.HasPrefix(code, "08") || strings.HasPrefix(code, "53") || strings.HasPrefix(code, "57P") ||
		strings.HasPrefix(code, "28") || strings.HasPrefix(code, "3D"):
		return fmt.Errorf("%w: SQLSTATE %s", sources.ErrUnavailable, code)
	}
	return fmt.Errorf("PostgreSQL error, SQLSTATE %s", code)
}
