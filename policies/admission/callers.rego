# METADATA
# title: Callers
# description: What the verified identity of the caller vouches for.
# schemas:
#   - input: schema.input
package admission.callers

import data.admission.domains
import data.admission.profile

# METADATA
# description: An operator who enters a client is its reviewer.
operator if input.caller.kind == "operator"

# METADATA
# description: >
#   The caller registered with an initial access token, now or, for later changes, at the beginning, and the profile
#   lets such callers do what otherwise waits for review.
token_holder_may(privilege) if {
	is_string(input.caller.token_id)
	profile.settings.token_holders[privilege] == true
}

# METADATA
# description: Whether the constraints of the caller's token name the host of a pre-parsed URI.
token_names_host(uri) if {
	uri.host in input.caller.constraints.redirect_hosts
}

token_names_host(uri) if {
	domains.listed(uri.labels, input.caller.constraints.redirect_hosts)
}
