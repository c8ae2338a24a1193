# METADATA
# title: Metadata URIs
# description: >
#   The deny list holds for every URI of the metadata, whatever member carries it: a logo or a key set on a denied host is
#   no better than a redirect to it. Members are found by their shape, so that a new one needs no entry here.
# schemas:
#   - input: schema.input
package admission.rules.metadata_uris

import data.admission.domains
import data.admission.profile
import data.admission.redirects

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
