# METADATA
# title: Machine clients
# description: >
#   A client that acts for itself has no user who could consent, and no redirect URI that says whose it is. Without an
#   initial access token it waits for a reviewer.
# related_resources:
#   - ref: https://www.rfc-editor.org/rfc/rfc6749#section-4.4
# schemas:
#   - input: schema.input
package admission.rules.machine_clients

import data.admission.callers

reviews contains {
	"code": "machine_client_unknown",
	"field": "grant_types",
	"params": {"grant_type": "client_credentials"},
} if {
	"client_credentials" in input.client.grant_types
	not _vouched
}

_vouched if callers.token_holder_may("machine_clients")

_vouched if callers.operator
