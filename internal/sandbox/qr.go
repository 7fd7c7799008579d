package sandbox

import (
	"bytes"
	"image"
	"image/draw"
	_ "image/jpeg" // the phone's camera
	_ "image/png"  // a screenshot
	"io"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"zhanggui/internal/fault"
)

// Bounds of a picture for the scanner.
const (
	MaxPictureBytes  = 8 << 20
	maxPicturePixels = 12_500_000 // a phone's photograph; unpacked, 8 bytes a pixel at most
	minPictureSide   = 40
)

// What a phone says when it cannot read a picture.
var (
	ErrPictureTooBig = fault.New("sandbox.picture_too_big").On("picture")
	ErrNotAPicture   = fault.New("sandbox.not_a_picture").On("picture")
	ErrNoQR          = fault.New("sandbox.no_qr").On("picture")
)

// eyes bounds how many pictures are in memory at once.
var eyes = make(chan struct{}, 2)

// DecodeQR reads the QR code in a JPEG or PNG picture: a screenshot, or a photograph at an angle, small
// and noisy. The size is known before a pixel is unpacked, so a small file cannot become a huge picture.
func DecodeQR(r io.Reader) (string, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxPictureBytes+1))
	if err != nil {
		return "", ErrNotAPicture
	}
	if len(raw) > MaxPictureBytes {
		return "", ErrPictureTooBig
	}
	head, format, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil || format != "jpeg" && format != "png" || head.Width < minPictureSide || head.Height < minPictureSide {
		return "", ErrNotAPicture
	}
	if head.Width > maxPicturePixels/head.Height {
		return "", ErrPictureTooBig
	}
	eyes <- struct{}{}
	defer func() { <-eyes }()
	picture, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return "", ErrNotAPicture
	}
	return readGray(toGray(picture))
}

// readGray tries the picture as it is, then as eyes would: larger, softer, evenly lit.
func readGray(g *image.Gray) (string, error) {
	for _, look := range looks(g) {
		if text, ok := readOnce(look()); ok {
			return text, nil
		}
	}
	return "", ErrNoQR
}

var hints = map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true}

func readOnce(g *image.Gray) (text string, ok bool) {
	defer func() {
		if recover() != nil { // the decoder was written for honest pictures
			text, ok = "", false
		}
	}()
	source := gozxing.NewLuminanceSourceFromImage(g)
	for _, binarize := range []func(gozxing.LuminanceSource) gozxing.Binarizer{gozxing.NewHybridBinarizer, gozxing.NewGlobalHistgramBinarizer} {
		bitmap, err := gozxing.NewBinaryBitmap(binarize(source))
		if err != nil {
			continue
		}
		if result, err := qrcode.NewQRCodeReader().Decode(bitmap, hints); err == nil {
			return result.GetText(), true
		}
	}
	return "", false
}

// toGray lays the picture on white and keeps its light only.
func toGray(picture image.Image) *image.Gray {
	b := picture.Bounds()
	g := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
	if camera, ok := picture.(*image.YCbCr); ok {
		for y := range b.Dy() {
			from := camera.YOffset(b.Min.X, b.Min.Y+y)
			copy(g.Pix[y*g.Stride:], camera.Y[from:from+b.Dx()])
		}
		return g
	}
	draw.Draw(g, g.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(g, g.Bounds(), picture, b.Min, draw.Over)
	return g
}
