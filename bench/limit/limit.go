// Package limit is the yardstick for pages: the list of orders and the fund flow, each written by hand in one piece, with pgx,
// net/http and templ, without the product's layers, catalogue or components. It decides nothing: it
// believes the cookie's session and serves the first or any later page, and nothing else.
package limit

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/a-h/templ"
	"github.com/jackc/pgx/v5/pgxpool"

	"zhanggui/internal/db"
	"zhanggui/static"
)

// Run serves the page until ctx ends; its address is the first line it prints.
func Run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("limit", flag.ContinueOnError)
	dsn := flags.String("dsn", "", "address of the database")
	address := flags.String("listen", "127.0.0.1:0", "where to listen")
	if err := flags.Parse(args); err != nil {
		return err
	}
	cfg, err := pgxpool.ParseConfig(*dsn)
	if err != nil {
		return err
	}
	cfg.MaxConns = 16
	cfg.ConnConfig.RuntimeParams["role"] = db.Role
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return err
	}
	defer pool.Close()
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", *address)
	if err != nil {
		return err
	}
	fmt.Println(l.Addr())
	server := &http.Server{Handler: handler(pool), ReadHeaderTimeout: 5 * time.Second}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

var (
	buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}
	zippers = sync.Pool{New: func() any {
		w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed)
		return w
	}}
)

func handler(pool *pgxpool.Pool) http.HandlerFunc {
	css, js, mark := static.URL("app.css"), static.URL("app.js"), static.URL("mark.svg")
	return func(w http.ResponseWriter, r *http.Request) {
		c, err := r.Cookie("sid")
		if err != nil {
			http.Error(w, "nobody is signed in", http.StatusUnauthorized)
			return
		}
		hash := sha256.Sum256([]byte(c.Value))
		frame := page{CSS: css, JS: js, Mark: mark, Back: r.URL.RequestURI()}
		var whole templ.Component
		if r.URL.Path == "/funds/flow" {
			m := flowPage{page: frame}
			err = m.read(r.Context(), pool, hash[:], r.URL.Query())
			whole = flow(m)
		} else {
			err = frame.read(r.Context(), pool, hash[:], r.URL.Query().Get("cursor"))
			whole = list(frame)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		write(r.Context(), w, whole)
	}
}

func write(ctx context.Context, w http.ResponseWriter, whole templ.Component) {
	body, zipped := buffers.Get().(*bytes.Buffer), buffers.Get().(*bytes.Buffer)
	defer func() {
		body.Reset()
		zipped.Reset()
		buffers.Put(body)
		buffers.Put(zipped)
	}()
	if err := whole.Render(ctx, body); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	z := zippers.Get().(*gzip.Writer)
	defer zippers.Put(z)
	z.Reset(zipped)
	_, _ = z.Write(body.Bytes())
	_ = z.Close()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Encoding", "gzip")
	w.Header().Set("Content-Length", fmt.Sprint(zipped.Len()))
	_, _ = w.Write(zipped.Bytes())
}
