# Roles, permissions and exceptions: sets and objects that several rules fill.
package general

import rego.v1

answer := {"allow": allow, "roles": roles, "permissions": permissions, "limits": limits}

roles contains role if some role in data.users[input.user].roles

roles contains role if {
	some group in data.users[input.user].groups
	some role in data.groups[group]
}

roles contains "on_call" if input.user in data.on_call

permissions[kind] contains action if {
	some role in roles
	some grant in data.grants[role]
	some action in grant.actions
	kind := grant.kind
}

permissions[kind] contains "read" if {
	roles.on_call
	kind := "incident"
}

limits[kind] := limit if {
	some kind, _ in permissions
	limit := max({data.limits[role][kind] | some role in roles})
}

default allow := false

allow if {
	input.action in permissions[input.kind]
	not input.kind in denied_kinds
}

denied_kinds contains kind if {
	some kind, limit in limits
	input.size > limit
}
