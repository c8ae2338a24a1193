# METADATA
# title: Metadata URIs
# description: >
#   The deny list holds for every URI of the metadata, whatever member carries it: a logo or a key set on a denied host is
#   no better than a redirect to it. Members are found by their shape, so that a new one needs no entry here. A page or a
#   logo on another domain than the client redirects to may be somebody else's: that is a warning (RFC 7591 section 5).
# schemas:
#   - input: schema.input
package admission.rules.metadata_uris

import data.admission.domains
import data.admission.profile
import data.admission.redirects
import data.admission.well_known

violations contains {
	"code": "uri_host_denied",
	"field": field,
	"params": {"host": uri.host},
} if {
	some field, uri in input.client
	domains.forbidden(uri.labels, profile.settings.denied_domains)
}

violations contains {
	"code": "uri_host_denied",
	"field": field,
	"params": {"host": uri.host},
} if {
	some field, uris in input.client
	some uri in uris
	not {"field": field, "uri": uri} in redirects.entries
	domains.forbidden(uri.labels, profile.settings.denied_domains)
}

warnings contains {
	"code": "uri_host_elsewhere",
	"field": field,
	"params": {"host": uri.host},
} if {
	count(_redirect_domains) > 0
	some field, uri in input.client
	split(field, "#")[0] in {"client_uri", "logo_uri", "policy_uri", "tos_uri"}
	not object.get(uri, "registrable_domain", null) in _redirect_domains
}

# Loopback and private-use URIs have none, and those of well-known clients prove their owner by themselves.
_redirect_domains contains uri.registrable_domain if {
	some uri in input.client.redirect_uris
	is_string(uri.registrable_domain)
	not well_known.owned(uri)
}
