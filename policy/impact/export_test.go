package impact

// Table shows rows of counts of people, those who gain and those who lose, under a threshold of 7 and rounding to 5.
func Table(counts [][3]int) (cells [][3]string) {
	rows := make([]peopleCounts, len(counts))
	for i := range counts {
		rows[i] = counts[i]
	}
	for _, row := range (suppression{7, 5}).table(rows) {
		cells = append(cells, [3]string{row[0].String(), row[1].String(), row[2].String()})
	}
	return cells
}

// Column shows counts that may be summed, and their sum.
func Column(counts []int) (cells []string, total string) {
	column := (suppression{7, 5}).column(counts)
	for _, each := range column {
		cells = append(cells, each.String())
	}
	return cells, sum(column).String()
}
