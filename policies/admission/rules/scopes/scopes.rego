# METADATA
# title: Scopes
# description: >
#   Keeps clients below the profile's scope ceiling, where it has one, and sends clients that ask for a sensitive scope to
#   review. Scopes outside what the realm offers were dropped before the policy is asked.
# schemas:
#   - input: schema.input
package admission.rules.scopes

import data.admission.callers
import data.admission.profile

reviews contains {
	"code": "scope_needs_review",
	"field": "scope",
	"params": {"scope": scope},
} if {
	some scope in input.client.scope
	scope in profile.settings.review_scopes
	not callers.operator
}

obligations := {"scope_ceiling": profile.settings.scope_ceiling}
