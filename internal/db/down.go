package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// downClasses are those of SQLSTATE that say nothing of a statement: no connection, no resources, an operator
// who ends the server, its disk. 25006: what answers has become a replica.
var downClasses = []string{"08", "53", "57", "58", "25006"}

// Down tells whether an error says that the database cannot be worked with at the moment, or that nobody
// waits any more, rather than that it refused what it was asked: asking for less will not help.
func Down(err error) bool {
	var pgErr *pgconn.PgError
	if errors.As(err, &pgErr) {
		for _, class := range downClasses {
			if strings.HasPrefix(pgErr.Code, class) {
				return true
			}
		}
		return false
	}
	for _, lost := range []error{context.Canceled, context.DeadlineExceeded, io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, sql.ErrConnDone,
		driver.ErrBadConn, pgconn.ErrConnClosed} {
		if errors.Is(err, lost) {
			return true
		}
	}
	var network net.Error
	return errors.As(err, &network) || errors.As(err, new(*pgconn.ConnectError)) || pgconn.SafeToRetry(err)
}

// lockNotAvailable is the SQLSTATE of a statement that waited for a lock as long as it may.
const lockNotAvailable = "55P03"

// Held tells whether an error says that somebody else held what was asked for all the time one waits for it.
func Held(err error) bool {
	var pgErr *pgconn.PgError
	return errors.As(err, &pgErr) && pgErr.Code == lockNotAvailable
}
