# Which models of a registry a review has to look at: one pass over all of them.
package general

import rego.v1

answer := {"overdue": overdue, "unowned": unowned, "blocked": blocked}

overdue contains model.id if {
	some model in data.models
	model.stage == "production"
	model.risk in input.risks
	model.reviewed_days_ago > input.max_days
}

unowned contains model.id if {
	some model in data.models
	model.stage != "retired"
	not model.owner in data.staff
}

default blocked := false

blocked if {
	some model in data.models
	model.id == input.model
	model.risk == "critical"
	model.reviewed_days_ago > 30
}
