# Usage of models by team: arrays, sets and objects made in one expression each.
package general

import rego.v1

answer := {"by_team": by_team, "busy": busy, "slow": slow, "teams_of": teams_of}

calls := [call | some call in data.calls; call.day >= input.from; call.day <= input.to]

teams := {call.team | some call in calls}

by_team := {team: total |
	some team in teams
	total := sum([call.tokens | some call in calls; call.team == team])
}

busy := {team | some team, total in by_team; total > input.limit}

slow := [name |
	some call in calls
	call.ms > 900
	name := concat("/", [call.team, call.model])
]

teams_of := {model: users |
	some model in {call.model | some call in calls}
	users := {call.team | some call in calls; call.model == model}
}
