# METADATA
# title: Statements
# description: What the software statement behind the client vouches for. The service verified it before.
# schemas:
#   - input: schema.input
package admission.statements

import data.admission.profile

# METADATA
# description: >
#   Whether an issuer whose statements count as review, says the profile, has set the member. It has reviewed what it set,
#   and nothing else: what the client says of itself beside the statement still waits for a reviewer.
vouched_for(member) if {
	input.statement.issuer in profile.settings.software_statements.reviewed_by
	member in input.statement.members
}
