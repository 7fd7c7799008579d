package sandbox

import (
	"image"
	"math"
)

// Sides between which the scanner works: below, modules are too few pixels; above, noise is all it sees.
const (
	smallSide = 500
	largeSide = 1100
)

// looks are the ways to look at a picture, cheapest first; each is made only when it is its turn.
func looks(g *image.Gray) []func() *image.Gray {
	side := float64(max(g.Rect.Dx(), g.Rect.Dy()))
	base := g
	if side > largeSide {
		base = scale(g, largeSide/side, largeSide/side)
		side = largeSide
	}
	grow := max(1, 2*smallSide/side)
	all := []func() *image.Gray{
		func() *image.Gray { return base },
		func() *image.Gray { return scale(base, grow, grow) },
		func() *image.Gray { return soften(scale(base, grow, grow)) },
		func() *image.Gray { return even(soften(base)) },
		func() *image.Gray { return even(soften(soften(scale(base, grow, grow)))) },
		// Seen from the side or from below, modules are narrow: stretch them back.
		func() *image.Gray { return soften(scale(base, 1.5*grow, grow)) },
		func() *image.Gray { return soften(scale(base, grow, 1.5*grow)) },
		func() *image.Gray { return even(soften(soften(scale(base, 1.5*grow, grow)))) },
		func() *image.Gray { return even(soften(soften(scale(base, grow, 1.5*grow)))) },
		func() *image.Gray { return soften(scale(base, 0.5, 0.5)) },
	}
	for _, degrees := range []float64{22.5, 45, 67.5} {
		all = append(all, func() *image.Gray { return turn(soften(scale(base, grow, grow)), degrees) })
	}
	if base != g {
		all = append(all, func() *image.Gray { return g })
	}
	return all
}

// scale resizes by bilinear sampling; shrinking averages first.
func scale(g *image.Gray, across, down float64) *image.Gray {
	if across == 1 && down == 1 {
		return g
	}
	for ; across <= 0.5 && down <= 0.5; across, down = 2*across, 2*down {
		g = halve(g)
	}
	w, h := int(float64(g.Rect.Dx())*across), int(float64(g.Rect.Dy())*down)
	out := image.NewGray(image.Rect(0, 0, max(w, 1), max(h, 1)))
	for y := range h {
		for x := range w {
			out.Pix[y*out.Stride+x] = sample(g, (float64(x)+0.5)/across-0.5, (float64(y)+0.5)/down-0.5)
		}
	}
	return out
}

func halve(g *image.Gray) *image.Gray {
	w, h := max(g.Rect.Dx()/2, 1), max(g.Rect.Dy()/2, 1)
	out := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			sum := int(at(g, 2*x, 2*y)) + int(at(g, 2*x+1, 2*y)) + int(at(g, 2*x, 2*y+1)) + int(at(g, 2*x+1, 2*y+1))
			out.Pix[y*out.Stride+x] = uint8(sum / 4)
		}
	}
	return out
}

// turn rotates about the middle, filling with white.
func turn(g *image.Gray, degrees float64) *image.Gray {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	w, h := float64(g.Rect.Dx()), float64(g.Rect.Dy())
	ow, oh := int(w*math.Abs(cos)+h*math.Abs(sin)), int(w*math.Abs(sin)+h*math.Abs(cos))
	out := image.NewGray(image.Rect(0, 0, ow, oh))
	for y := range oh {
		for x := range ow {
			dx, dy := float64(x)-float64(ow)/2, float64(y)-float64(oh)/2
			sx, sy := cos*dx+sin*dy+w/2, cos*dy-sin*dx+h/2
			value := uint8(255)
			if sx >= 0 && sy >= 0 && sx < w && sy < h {
				value = sample(g, sx, sy)
			}
			out.Pix[y*out.Stride+x] = value
		}
	}
	return out
}

// soften blurs by a 3×3 binomial, against sensor noise and JPEG's ringing.
func soften(g *image.Gray) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	out := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			sum := 4*int(at(g, x, y)) +
				2*(int(at(g, x-1, y))+int(at(g, x+1, y))+int(at(g, x, y-1))+int(at(g, x, y+1))) +
				int(at(g, x-1, y-1)) + int(at(g, x+1, y-1)) + int(at(g, x-1, y+1)) + int(at(g, x+1, y+1))
			out.Pix[y*out.Stride+x] = uint8(sum / 16)
		}
	}
	return out
}

// even takes the light out: a pixel is black if it is darker than the mean of its neighbourhood.
func even(g *image.Gray) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	reach := max(w, h) / 16
	sums := integral(g)
	out := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		y0, y1 := max(y-reach, 0), min(y+reach+1, h)
		for x := range w {
			x0, x1 := max(x-reach, 0), min(x+reach+1, w)
			area := int64((x1 - x0) * (y1 - y0))
			sum := sums[y1*(w+1)+x1] - sums[y0*(w+1)+x1] - sums[y1*(w+1)+x0] + sums[y0*(w+1)+x0]
			if int64(g.Pix[y*g.Stride+x])*area*100 >= sum*95 {
				out.Pix[y*out.Stride+x] = 255
			}
		}
	}
	return out
}

// integral holds at (x, y) the sum of all pixels left of and above it.
func integral(g *image.Gray) []int64 {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	sums := make([]int64, (w+1)*(h+1))
	for y := range h {
		var row int64
		for x := range w {
			row += int64(g.Pix[y*g.Stride+x])
			sums[(y+1)*(w+1)+x+1] = sums[y*(w+1)+x+1] + row
		}
	}
	return sums
}

func sample(g *image.Gray, x, y float64) uint8 {
	x0, y0 := math.Floor(x), math.Floor(y)
	fx, fy := x-x0, y-y0
	ix, iy := int(x0), int(y0)
	top := float64(at(g, ix, iy))*(1-fx) + float64(at(g, ix+1, iy))*fx
	low := float64(at(g, ix, iy+1))*(1-fx) + float64(at(g, ix+1, iy+1))*fx
	return uint8(top*(1-fy) + low*fy + 0.5)
}

// at reads a pixel, repeating the edge outside.
func at(g *image.Gray, x, y int) uint8 {
	x = min(max(x, 0), g.Rect.Dx()-1)
	y = min(max(y, 0), g.Rect.Dy()-1)
	return g.Pix[y*g.Stride+x]
}
