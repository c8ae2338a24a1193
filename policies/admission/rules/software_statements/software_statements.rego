# METADATA
# title: Software statements
# description: >
#   Keeps the scopes and grant types that a profile names for clients with a software statement. The scope that a client
#   registers with is no limit to what it may ask for later, so the profile can also name all that clients without a
#   statement may ever get.
# related_resources:
#   - ref: https://www.rfc-editor.org/rfc/rfc7591#section-2.3
# schemas:
#   - input: schema.input
package admission.rules.software_statements

import data.admission.callers
import data.admission.profile

violations contains {
	"code": "software_statement_required",
	"field": asked.field,
	"params": {"value": value},
} if {
	not _vouched
	some name, asked in _asked
	some value in asked.values
	value in profile.settings.software_statements.required_for[name]
}

obligations := {"scope_ceiling": profile.settings.software_statements.scope_ceiling_without} if not _vouched

_vouched if is_object(input.statement)

_vouched if callers.operator

_asked := {
	"scopes": {"field": "scope", "values": input.client.scope},
	"grant_types": {"field": "grant_types", "values": input.client.grant_types},
}
