package sandbox

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"testing"

	qr "github.com/skip2/go-qrcode"
)

// photo says how a screen was photographed.
type photo struct {
	side              int     // of the square picture, pixels
	fill              float64 // how much of the picture's width the card takes
	turn, tilt, swing float64 // degrees: in the picture's plane, about the horizontal, about the vertical
	blur              int     // times a 3×3 binomial
	noise             float64 // standard deviation
	shade             float64 // how much darker the far corner is
	quality           int     // of the JPEG
	seed              uint64
}

// screen is what a desktop shows: a card with the code, on a grey page with lines of text.
func screen(t *testing.T, text string) *image.Gray {
	t.Helper()
	code, err := qr.New(text, qr.Medium)
	if err != nil {
		t.Fatal(err)
	}
	page := image.NewGray(image.Rect(0, 0, 900, 900))
	draw.Draw(page, page.Bounds(), image.NewUniform(color.Gray{236}), image.Point{}, draw.Src)
	card := image.Rect(130, 80, 770, 840)
	draw.Draw(page, card, image.White, image.Point{}, draw.Src)
	for line, width := range []int{300, 420} {
		at := image.Rect(450-width/2, 105+line*30, 450+width/2, 117+line*30)
		for x := at.Min.X; x < at.Max.X; x += 14 {
			draw.Draw(page, image.Rect(x, at.Min.Y, x+9, at.Max.Y), image.NewUniform(color.Gray{70}), image.Point{}, draw.Src)
		}
	}
	draw.Draw(page, image.Rect(200, 180, 700, 680), code.Image(500), image.Point{}, draw.Src)
	draw.Draw(page, image.Rect(420, 720, 480, 800), image.NewUniform(color.Gray{30}), image.Point{}, draw.Src)
	return page
}

// take photographs the screen through a pinhole and returns the JPEG.
func (p photo) take(t *testing.T, page *image.Gray) []byte {
	t.Helper()
	random := rand.New(rand.NewPCG(p.seed, 1))
	out := image.NewGray(image.Rect(0, 0, p.side, p.side))
	back := p.lens(float64(page.Rect.Dx()))
	rays := 3
	if p.side > 600 {
		rays = 2 // enough where pixels are many
	}
	for y := range p.side {
		for x := range p.side {
			sum := 0.0
			for i := range rays * rays {
				u := float64(x) + (float64(i%rays)+0.5)/float64(rays)
				v := float64(y) + (float64(i/rays)+0.5)/float64(rays)
				sx, sy := back(u, v)
				value := 60.0 // the desk behind the screen
				if sx >= 0 && sy >= 0 && sx < 900 && sy < 900 {
					value = float64(sample(page, sx-0.5, sy-0.5))
				}
				sum += value
			}
			light := 1 - p.shade*float64(x+y)/float64(2*p.side)
			out.Pix[y*out.Stride+x] = uint8(math.Min(255, sum/float64(rays*rays)*light))
		}
	}
	for range p.blur {
		out = soften(out)
	}
	for i, v := range out.Pix {
		out.Pix[i] = uint8(math.Max(0, math.Min(255, float64(v)+random.NormFloat64()*p.noise)))
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, out, &jpeg.Options{Quality: p.quality}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// lens maps a point of the picture to the point of the page seen there: the ray from the eye is cut
// with the page's plane, which is turned, then tilted, then swung.
func (p photo) lens(page float64) func(x, y float64) (float64, float64) {
	const distance = 2.2 // from the eye to the page, in page widths
	sinT, cosT := math.Sincos(p.turn * math.Pi / 180)
	sinX, cosX := math.Sincos(p.tilt * math.Pi / 180)
	sinY, cosY := math.Sincos(p.swing * math.Pi / 180)
	// The page's own axes in space.
	ax := [3]float64{cosY * cosT, sinT * cosX, -sinY*cosT + sinT*sinX}
	ay := [3]float64{-cosY * sinT, cosT * cosX, sinY*sinT + cosT*sinX}
	normal := [3]float64{ax[1]*ay[2] - ax[2]*ay[1], ax[2]*ay[0] - ax[0]*ay[2], ax[0]*ay[1] - ax[1]*ay[0]}
	focal := p.fill * distance
	return func(x, y float64) (float64, float64) {
		ray := [3]float64{(x/float64(p.side) - 0.5) / focal, (y/float64(p.side) - 0.5) / focal, 1}
		along := normal[0]*ray[0] + normal[1]*ray[1] + normal[2]*ray[2]
		k := normal[2] * distance / along
		hit := [3]float64{ray[0] * k, ray[1] * k, ray[2]*k - distance}
		// ax and ay are not quite orthogonal after the two tilts: solve the small system.
		aa, ab, bb := dot(ax, ax), dot(ax, ay), dot(ay, ay)
		ha, hb := dot(hit, ax), dot(hit, ay)
		det := aa*bb - ab*ab
		return (0.5 + (ha*bb-hb*ab)/det) * page, (0.5 + (hb*aa-ha*ab)/det) * page
	}
}

func dot(a, b [3]float64) float64 { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }

func pngOf(t *testing.T, picture image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
