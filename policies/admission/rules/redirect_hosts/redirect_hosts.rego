# METADATA
# title: Redirect hosts
# description: >
#   Classes the host of every web redirect URI; the worst class decides. Hosts on the profile's deny list are refused,
#   whoever asks. Loopback, well-known clients, the operator's own domains and hosts that an initial access token names
#   are admitted. Every other host waits for a reviewer, so that self-registration cannot be made into an open redirector.
# related_resources:
#   - ref: https://www.rfc-editor.org/rfc/rfc9700#section-4.11.2
# schemas:
#   - input: schema.input
package admission.rules.redirect_hosts

import data.admission.callers
import data.admission.domains
import data.admission.profile
import data.admission.redirects
import data.admission.well_known

violations contains {
	"code": "redirect_host_denied",
	"field": field,
	"params": {"host": uri.host},
} if {
	some {"field": field, "uri": uri} in redirects.entries
	domains.forbidden(uri.labels, profile.settings.denied_domains)
}

reviews contains {
	"code": _review_code(uri),
	"field": field,
	"params": {"host": uri.host, "registrable_domain": object.get(uri, "registrable_domain", null)},
} if {
	some {"field": field, "uri": uri} in redirects.entries
	uri.scheme in {"http", "https"}
	not _admitted(uri)
}

_review_code(uri) := "redirect_host_is_address" if {
	count(uri.labels) == 0
} else := "redirect_host_unknown"

_admitted(uri) if uri.loopback

_admitted(uri) if well_known.owned(uri)

_admitted(uri) if domains.listed(uri.labels, profile.settings.allowed_domains)

_admitted(uri) if {
	callers.token_holder_may("redirect_hosts")
	callers.token_names_host(uri)
}

_admitted(_) if callers.operator
