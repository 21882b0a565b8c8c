package cohort

// What a definition may hold at most. The limits are far above what people write and far below what hurts.
const (
	mostLists      = 64
	mostCodes      = 50_000 // in all lists together
	mostSets       = 64
	mostCriteria   = 2_000 // in all places together
	deepestNesting = 12    // of criteria
	mostMeasures   = 16
	mostDimensions = 4
	mostGroups     = 32 // of one dimension
	mostBands      = 32
	mostValues     = 200 // of any other list
	mostEvents     = 10_000
	mostPer        = 1_000_000
	defaultPer     = 1_000
	oldestAge      = 150
	farthestDays   = 36_525 // a hundred years
	longestName    = 64
	longestTitle   = 200
)
