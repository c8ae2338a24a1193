# METADATA
# title: Prior standing
# description: >
#   A client that an operator suspended or turned away does not come back by registering again: the identical registration is
#   refused with the reference of the first, another one of the same software is reviewed. The profile can ignore either.
#   What an operator enters is an operator's newer word.
# schemas:
#   - input: schema.input
package admission.rules.prior_standing

import data.admission.callers
import data.admission.profile

violations contains {
	"code": "identical_client_barred",
	"field": "client_metadata",
	"params": {"outcome": prior.outcome, "reference": prior.reference},
} if {
	prior := input.facts.prior.fingerprint
	is_object(prior)
	not _ignored("identical")
	not callers.operator
}

reviews contains {
	"code": "software_barred",
	"field": "software_id",
	"params": {"outcome": prior.outcome, "reference": prior.reference},
} if {
	prior := input.facts.prior.software
	is_object(prior)
	not _ignored("software")
	not callers.operator
}

_ignored(what) if profile.settings.prior_standing[what] == "ignore"
