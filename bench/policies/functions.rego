# A risk score made by functions: clauses, else, defaults, and functions that call each other.
package general

import rego.v1

answer := {"score": total, "band": band(total), "parts": parts}

parts[name] := points if {
	some name, value in input.features
	points := weight(name) * graded(name, value)
}

total := sum([points | some points in parts])

default weight(_) := 1

weight(name) := data.weights[name]

graded(name, value) := 0 if {
	within(value, data.bounds[name])
} else := 5 if {
	within(value, widened(data.bounds[name]))
} else := 10

within(value, bounds) if {
	value >= bounds.min
	value <= bounds.max
}

widened(bounds) := {"min": bounds.min - slack, "max": bounds.max + slack} if {
	slack := clamp((bounds.max - bounds.min) / 2, 1, 50)
}

clamp(x, low, _) := low if x < low

clamp(x, _, high) := high if x > high

clamp(x, low, high) := x if {
	x >= low
	x <= high
}

band(score) := "low" if score < 40

band(score) := "medium" if {
	score >= 40
	score < 120
}

band(score) := "high" if score >= 120
