package main

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// diskFloor is how many flushes a second the disk must give for a repetition to count. The disks of
// shared machines stall for minutes; a figure from such a minute is about the disk alone.
const diskFloor = 3_000

// flushesPerSecond writes and flushes 8 kB blocks for half a second where the database lies.
func flushesPerSecond(folder string) (rate float64, err error) {
	file, err := os.Create(filepath.Join(folder, "flush-probe"))
	if err != nil {
		return 0, err
	}
	defer func() {
		_ = file.Close()
		_ = os.Remove(file.Name())
	}()
	block := make([]byte, 8192)
	began, n := time.Now(), 0
	for time.Since(began) < 500*time.Millisecond {
		if _, err := file.WriteAt(block, 0); err != nil {
			return 0, err
		}
		if err := syscall.Fdatasync(int(file.Fd())); err != nil {
			return 0, fmt.Errorf("fdatasync: %w", err)
		}
		n++
	}
	return float64(n) / time.Since(began).Seconds(), nil
}
