# Secrets and limits anywhere in a nested configuration.
package general

import rego.v1

answer := {"secrets": secrets, "too_large": too_large, "depth": depth}

secrets contains concat(".", path_text) if {
	some path, value
	walk(input.config, [path, value])
	is_string(value)
	count(path) > 0
	some word in data.secret_words
	contains(lower(sprintf("%v", [path[count(path) - 1]])), word)
	path_text := [sprintf("%v", [part]) | some part in path]
}

too_large contains path if {
	walk(input.config, [path, value])
	is_number(value)
	value > data.largest
}

depth := max({count(path) | walk(input.config, [path, _])})
