package main

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The load on a page: one thread of wrk, as many connections as the program has to the database.
const (
	loadConnections = 16
	loadTime        = sideMin + time.Second
)

var (
	loadRate   = regexp.MustCompile(`Requests/sec:\s+([0-9.]+)`)
	loadFaults = regexp.MustCompile(`(?m)^\s+(Non-2xx.*|Socket errors.*)$`)
)

// load asks for an address for some seconds and tells how many pages a second came back.
func load(ctx context.Context, address, cookie string) (perSecond float64, err error) {
	out, err := exec.CommandContext(ctx, "wrk", "-t1", "-c", strconv.Itoa(loadConnections),
		"-d", loadTime.String(), "-H", "Cookie: "+cookie, "-H", "Accept-Encoding: gzip", address).CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("wrk: %w: %s", err, out)
	}
	if fault := loadFaults.FindString(string(out)); fault != "" {
		return 0, fmt.Errorf("pages failed under load: %s", strings.TrimSpace(fault))
	}
	m := loadRate.FindStringSubmatch(string(out))
	if m == nil {
		return 0, fmt.Errorf("wrk said nothing of a rate: %s", out)
	}
	return strconv.ParseFloat(m[1], 64)
}
