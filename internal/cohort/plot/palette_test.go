package plot_test

import (
	"image/color"
	"math"
	"testing"

	"onelondon/internal/cohort/plot"
)

// linear is a colour's light, without the screen's curve.
type linear [3]float64

func lightOf(c color.RGBA) linear {
	part := func(value uint8) float64 {
		share := float64(value) / 255
		if share <= 0.04045 {
			return share / 12.92
		}
		return math.Pow((share+0.055)/1.055, 2.4)
	}
	return linear{part(c.R), part(c.G), part(c.B)}
}

// contrast is WCAG 2's, against white.
func (l linear) contrast() float64 {
	return 1.05 / (0.2126*l[0] + 0.7152*l[1] + 0.0722*l[2] + 0.05)
}

// sights are how a colour looks to people with the three colour blindnesses, after Machado, Oliveira and Fernandes (2009), and to others.
func sights() map[string][3]linear {
	return map[string][3]linear{
		"all three cones": {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
		"protanopia":      {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
		"deuteranopia":    {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
		"tritanopia":      {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
	}
}

func (l linear) seenBy(sight [3]linear) linear {
	var seen linear
	for i, row := range sight {
		seen[i] = min(1, max(0, row[0]*l[0]+row[1]*l[1]+row[2]*l[2]))
	}
	return seen
}

// lab is the colour in CIELAB under D65, in which distances are those that eyes see.
func (l linear) lab() linear {
	curve := func(t float64) float64 {
		if t > 216.0/24389 {
			return math.Cbrt(t)
		}
		return (24389.0/27*t + 16) / 116
	}
	x := curve((0.4124564*l[0] + 0.3575761*l[1] + 0.1804375*l[2]) / 0.95047)
	y := curve(0.2126729*l[0] + 0.7151522*l[1] + 0.0721750*l[2])
	z := curve((0.0193339*l[0] + 0.1191920*l[1] + 0.9503041*l[2]) / 1.08883)
	return linear{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

func TestColoursAreToldApartByEverybody(t *testing.T) {
	const least = 14 // of CIELAB; 2.3 can just be noticed
	palette := plot.Palette()
	for i, one := range palette {
		if contrast := lightOf(one).contrast(); contrast < 3 {
			t.Errorf("colour %d has a contrast of %.2f against the page", i, contrast)
		}
		for j := range i {
			for name, sight := range sights() {
				a, b := lightOf(one).seenBy(sight).lab(), lightOf(palette[j]).seenBy(sight).lab()
				if apart := math.Hypot(math.Hypot(a[0]-b[0], a[1]-b[1]), a[2]-b[2]); apart < least {
					t.Errorf("%s: colours %d and %d are %.1f apart", name, j, i, apart)
				}
			}
		}
	}
}
