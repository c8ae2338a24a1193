# METADATA
# title: Redirects
# description: Every URI that a browser may be sent to on the client's word, with the member that carries it.
# schemas:
#   - input: schema.input
package admission.redirects

entries contains {"field": field, "uri": uri} if {
	some field in ["redirect_uris", "post_logout_redirect_uris"]
	some uri in input.client[field]
}
