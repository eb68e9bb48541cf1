# Configuration merged, filtered and summed up.
package general

import rego.v1

answer := {
	"effective": effective, "changed": changed, "public": public, "stats": stats,
	"first": first, "valid": valid,
}

effective := object.union_n([data.defaults, data.tiers[input.tier], input.overrides])

changed contains key if {
	some key, value in effective
	object.get(data.defaults, key, null) != value
}

public := object.remove(object.filter(effective, data.public_keys), ["token"])

sizes := [item.size | some item in input.items]

stats := {
	"count": count(sizes),
	"sum": sum(sizes),
	"max": max(sizes),
	"min": min(sizes),
	"sorted": sort(sizes),
	"kinds": count({item.kind | some item in input.items}),
	"heavy": count([size | some size in sizes; size > (sum(sizes) / count(sizes)) * 2]),
}

first := array.slice(sort([item.name | some item in input.items]), 0, 3)

default valid := false

valid if {
	every item in input.items {
		item.size >= 0
		some kind in data.kinds
		item.kind == kind
	}
	object.keys(input.overrides) & {"token", "secret"} == set()
}
