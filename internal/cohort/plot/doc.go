// Package plot draws an answer as PNG or SVG: a series as lines over its years or months, and a breakdown as bars.
//
//	err := plot.Write(file, answer, plot.SVG)
//
// Every measure has a place of its own, since no two share a unit. The last dimension of a series is its axis, the others make one
// line each; of a breakdown the first dimension is the axis and the second a colour. What does not fit into six colours becomes
// small panels of one scale. Quartiles are boxes, or bands in a series.
//
// A figure that may not be shown is a hatched mark and a gap, never a bar without height nor a line that runs through: the legend
// says what the mark means. An incomplete answer says so in its first lines. The last lines say what the picture rests on, so that
// it can be cited where it is cut out of its report.
//
// The colours are told apart by people with any of the three colour blindnesses and have a contrast of three to one against the
// page, and every line has a mark of its own besides.
package plot
