# Admission of a deployment: containers in pods, each with ports, mounts and an image.
package general

import rego.v1

answer := {"allow": allow, "reasons": reasons}

default allow := false

allow if {
	count(reasons) == 0
	every pod in input.pods {
		every container in pod.containers {
			some registry in data.registries
			startswith(container.image, registry)
		}
	}
}

reasons contains reason if {
	some pod in input.pods
	some container in pod.containers
	some port in container.ports
	port < 1024
	reason := {"pod": pod.name, "container": container.name, "port": port}
}

reasons contains reason if {
	some pod in input.pods
	some i, container in pod.containers
	some mount in container.mounts
	some forbidden in data.forbidden_mounts
	mount == forbidden
	reason := {"pod": pod.name, "index": i, "mount": mount}
}

reasons contains reason if {
	some pod in input.pods
	some j, k
	pod.containers[j].name == pod.containers[k].name
	j < k
	reason := {"pod": pod.name, "twice": pod.containers[j].name}
}
