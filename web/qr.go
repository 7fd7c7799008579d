package web

import (
	"fmt"

	qrcode "github.com/skip2/go-qrcode"
)

// qrLimit bounds what a code holds; longer ones are hard to photograph.
const qrLimit = 512

// qrModules draws a text as dark and light modules, without the quiet zone, which the card adds.
func qrModules(text string) ([][]bool, error) {
	if len(text) > qrLimit {
		return nil, fmt.Errorf("QR code of %d bytes, %d are allowed", len(text), qrLimit)
	}
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return nil, fmt.Errorf("QR code: %w", err)
	}
	code.DisableBorder = true
	return code.Bitmap(), nil
}
