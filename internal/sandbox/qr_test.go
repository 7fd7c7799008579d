package sandbox

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"zhanggui/internal/fault"
)

const ticketURL = "http://127.0.0.1:8080/m/t/Zk3vN8xQ2mW7pR5tY1uC4bH9jL6sD0fGaEoIxKqVyBz"

func TestTheScannerReadsAScreenshot(t *testing.T) {
	t.Parallel()
	got, err := DecodeQR(bytes.NewReader(pngOf(t, screen(t, ticketURL))))
	if err != nil || got != ticketURL {
		t.Errorf("%q, %v", got, err)
	}
}

func TestTheScannerReadsPhotographsAtAnAngle(t *testing.T) {
	t.Parallel()
	page := screen(t, ticketURL)
	for _, p := range []photo{
		{side: 300, fill: 1.2, turn: 7, tilt: 20, swing: 25, blur: 1, noise: 12, shade: 0.4, quality: 40, seed: 1},
		{side: 300, fill: 1.2, turn: -18, tilt: 35, swing: -20, blur: 1, noise: 20, shade: 0.3, quality: 40, seed: 2},
		{side: 300, fill: 1.3, turn: 38, tilt: 40, swing: 30, blur: 1, noise: 25, shade: 0.5, quality: 40, seed: 3},
		{side: 300, fill: 1.2, turn: 90, tilt: 30, swing: 30, blur: 1, noise: 20, shade: 0.2, quality: 40, seed: 4},
		{side: 300, fill: 1.2, turn: 184, tilt: 25, swing: 15, blur: 2, noise: 10, shade: 0.2, quality: 40, seed: 5},
		{side: 300, fill: 1.2, turn: 12, tilt: 15, swing: 45, blur: 1, noise: 12, shade: 0.4, quality: 40, seed: 6},
		{side: 1000, fill: 0.6, turn: 20, tilt: 30, swing: 30, blur: 2, noise: 25, shade: 0.5, quality: 60, seed: 7},
	} {
		t.Run(fmt.Sprintf("%d px, turned %.0f, tilted %.0f, swung %.0f", p.side, p.turn, p.tilt, p.swing), func(t *testing.T) {
			t.Parallel()
			if got, err := DecodeQR(bytes.NewReader(p.take(t, page))); err != nil || got != ticketURL {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

func TestTheScannerRefusesWhatIsNoPicture(t *testing.T) {
	t.Parallel()
	var animated bytes.Buffer
	if err := gif.Encode(&animated, screen(t, ticketURL), nil); err != nil {
		t.Fatal(err)
	}
	whole := pngOf(t, screen(t, ticketURL))
	for name, in := range map[string][]byte{
		"nothing":           {},
		"text":              []byte("http://example.com/"),
		"another format":    animated.Bytes(),
		"half a picture":    whole[:len(whole)/2],
		"a speck":           pngOf(t, image.NewGray(image.Rect(0, 0, 20, 20))),
		"only a PNG header": whole[:33],
	} {
		if _, err := DecodeQR(bytes.NewReader(in)); !fault.Is(err, ErrNotAPicture.Code) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := DecodeQR(iotest.ErrReader(os.ErrClosed)); !fault.Is(err, ErrNotAPicture.Code) {
		t.Errorf("a broken upload: %v", err)
	}
}

func TestTheScannerFindsNoCodeWhereNoneIs(t *testing.T) {
	t.Parallel()
	noise := image.NewGray(image.Rect(0, 0, 400, 400))
	random := rand.New(rand.NewPCG(1, 2))
	for i := range noise.Pix {
		noise.Pix[i] = uint8(random.UintN(256))
	}
	blank := image.NewUniform(color.White)
	for name, in := range map[string][]byte{
		"noise": pngOf(t, noise),
		"white": pngOf(t, sub{blank, image.Rect(0, 0, 300, 300)}),
	} {
		if got, err := DecodeQR(bytes.NewReader(in)); !fault.Is(err, ErrNoQR.Code) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

type sub struct {
	image.Image
	box image.Rectangle
}

func (s sub) Bounds() image.Rectangle { return s.box }

func TestTheScannerRefusesHugePicturesBeforeUnpackingThem(t *testing.T) {
	t.Parallel()
	bomb := pngOf(t, image.NewGray(image.Rect(0, 0, 50, 50)))
	binary.BigEndian.PutUint32(bomb[16:], 60_000)
	binary.BigEndian.PutUint32(bomb[20:], 60_000)
	binary.BigEndian.PutUint32(bomb[29:], crc32.ChecksumIEEE(bomb[12:29]))
	for name, in := range map[string][]byte{
		"a small file of 3.6 billion pixels": bomb,
		"a file above the limit":             append(pngOf(t, screen(t, ticketURL)), make([]byte, MaxPictureBytes)...),
	} {
		if _, err := DecodeQR(bytes.NewReader(in)); !fault.Is(err, ErrPictureTooBig.Code) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheScannerReadsThroughTransparency(t *testing.T) {
	t.Parallel()
	page := screen(t, ticketURL)
	glass := image.NewNRGBA(page.Bounds())
	for y := range page.Rect.Dy() {
		for x := range page.Rect.Dx() {
			glass.SetNRGBA(x, y, color.NRGBA{A: 255 - page.GrayAt(x, y).Y})
		}
	}
	if got, err := DecodeQR(bytes.NewReader(pngOf(t, glass))); err != nil || !strings.HasSuffix(got, "VyBz") {
		t.Errorf("%q, %v", got, err)
	}
}

func FuzzDecodeQR(f *testing.F) {
	f.Add([]byte("\x89PNG\r\n\x1a\n"))
	f.Add([]byte("\xff\xd8\xff\xe0"))
	f.Fuzz(func(t *testing.T, in []byte) {
		if _, err := DecodeQR(bytes.NewReader(in)); err != nil && len(fault.All(err)) == 0 {
			t.Fatalf("not a refusal: %v", err)
		}
	})
}

func BenchmarkTheLargestPictureWithoutACode(b *testing.B) {
	g := image.NewGray(image.Rect(0, 0, 4000, 3000))
	random := rand.New(rand.NewPCG(1, 2))
	for i := range g.Pix {
		g.Pix[i] = uint8(random.UintN(256))
	}
	for b.Loop() {
		if _, err := readGray(g); err == nil {
			b.Fatal("found a code in noise")
		}
	}
}
