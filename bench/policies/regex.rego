# Prompts and names against patterns.
package general

import rego.v1

answer := {"matches": matches, "bad_names": bad_names, "masked": masked, "allow": allow}

matches[name] contains i if {
	some name, pattern in data.patterns
	some i, prompt in input.prompts
	regex.match(pattern, prompt)
}

bad_names contains name if {
	some name in input.names
	not regex.match(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`, name)
}

masked := [text |
	some prompt in input.prompts
	text := regex.replace(prompt, `[0-9]{4,}`, "####")
]

default allow := false

allow if {
	count(bad_names) == 0
	not matches.card
	not matches.injection
}
