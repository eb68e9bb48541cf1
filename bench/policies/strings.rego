# Messages for people, made of parts of the request.
package general

import rego.v1

answer := {"messages": messages, "slug": slug, "table": table, "codes": codes}

messages contains message if {
	some item in input.items
	item.count > data.quota[item.kind]
	message := sprintf("%s asks for %d of %s; the quota is %d", [
		title(input.user), item.count, upper(item.kind), data.quota[item.kind],
	])
}

messages contains sprintf("unknown kind %q of %s", [item.kind, input.user]) if {
	some item in input.items
	not data.quota[item.kind]
}

title(name) := concat(" ", [concat("", [upper(substring(part, 0, 1)), substring(part, 1, -1)]) |
	some part in split(name, "_")
])

slug := trim(replace(lower(input.title), " ", "-"), "-")

table := concat("\n", [line |
	some i, item in input.items
	line := concat(" | ", [format_int(i, 10), item.kind, format_int(item.count, 16)])
])

codes := {code |
	some item in input.items
	code := sprintf("%s-%s", [substring(item.kind, 0, 3), trim_prefix(item.id, "id_")])
	indexof(item.kind, "e") >= 0
}
