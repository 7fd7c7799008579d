package bill

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// lines hands out a file line by line in flat memory.
type lines struct {
	src    *bufio.Reader
	number int   // of the line handed out last
	bytes  int64 // read so far
	long   bool  // the last line was longer than LineMax; its text is not kept
	over   bool  // the file is larger than FileMax
	err    error // of the source
}

func newLines(r io.Reader) *lines {
	return &lines{src: bufio.NewReaderSize(r, 64<<10)}
}

// next is the next line without its end; it stays valid until the call after. false: no more.
func (l *lines) next() ([]byte, bool) {
	raw, err := l.src.ReadSlice('\n')
	l.bytes += int64(len(raw))
	l.long = false
	for errors.Is(err, bufio.ErrBufferFull) && l.bytes <= FileMax {
		l.long = true
		raw, err = l.src.ReadSlice('\n')
		l.bytes += int64(len(raw))
	}
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		l.err = err
		return nil, false
	}
	if l.bytes > FileMax {
		l.over = true
		return nil, false
	}
	if len(raw) == 0 {
		return nil, false
	}
	l.number++
	raw = bytes.TrimSuffix(bytes.TrimSuffix(raw, []byte("\n")), []byte("\r"))
	if l.number == 1 {
		raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	}
	l.long = l.long || len(raw) > LineMax
	return raw, true
}

// encodingFault names what is wrong with a line's bytes; empty when they are sound.
func encodingFault(line []byte) string {
	switch {
	case bytes.IndexByte(line, 0) >= 0:
		return "trade.bill_not_utf8"
	case utf8.Valid(line):
		return ""
	case isGBK(line):
		return "trade.bill_gbk"
	default:
		return "trade.bill_not_utf8"
	}
}

// isGBK recognises a bill's head that was saved in the older Chinese encoding.
func isGBK(line []byte) bool {
	text, err := simplifiedchinese.GBK.NewDecoder().Bytes(line)
	return err == nil && isHeader(string(text))
}
