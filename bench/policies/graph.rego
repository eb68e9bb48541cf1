# What a change of one data set reaches, and which roles a role inherits.
package general

import rego.v1

answer := {"roles": roles, "reached": reached, "owners": owners, "allow": allow}

roles := graph.reachable(data.inherits, {input.role})

reached := graph.reachable(data.feeds, {input.dataset})

owners contains data.owner[name] if some name in reached

default allow := false

allow if {
	some role in roles
	some action in data.actions[role]
	action == input.action
	not frozen
}

frozen if {
	some name in reached
	name in data.frozen
}
