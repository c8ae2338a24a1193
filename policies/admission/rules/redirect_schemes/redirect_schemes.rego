# METADATA
# title: Redirect schemes
# description: >
#   Allows https, http on the loopback interface, and private-use schemes that contain a dot or that the profile lists.
#   Any application on a device can claim a private-use scheme, so one that belongs to no well-known client and that the
#   profile does not admit waits for a reviewer.
# related_resources:
#   - ref: https://www.rfc-editor.org/rfc/rfc8252#section-7.1
# schemas:
#   - input: schema.input
package admission.rules.redirect_schemes

import data.admission.callers
import data.admission.profile
import data.admission.redirects
import data.admission.well_known

violations contains {
	"code": "redirect_scheme_forbidden",
	"field": field,
	"params": {"scheme": uri.scheme},
} if {
	some {"field": field, "uri": uri} in redirects.entries
	not _web(uri)
	not _private_use(uri)
}

reviews contains {
	"code": "redirect_scheme_unknown",
	"field": field,
	"params": {"scheme": uri.scheme},
} if {
	some {"field": field, "uri": uri} in redirects.entries
	_private_use(uri)
	not _admitted(uri)
}

_web(uri) if uri.scheme == "https"

_web(uri) if {
	uri.scheme == "http"
	uri.loopback
}

_private_use(uri) if contains(uri.scheme, ".")

_private_use(uri) if {
	not uri.scheme in {"http", "https"}
	uri.scheme in profile.settings.dotless_schemes
}

_admitted(uri) if well_known.owned(uri)

_admitted(uri) if uri.scheme in profile.settings.allowed_schemes

_admitted(_) if callers.operator
