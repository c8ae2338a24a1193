# METADATA
# title: Client names
# description: >
#   People decide on consent by the name they read. A name that begins with a reserved one is reviewed unless the redirect
#   URIs prove its owner. Clients that only redirect to the user's own machine are admitted with a warning: their name
#   cannot be proved either way, and the consent page says so.
# schemas:
#   - input: schema.input
package admission.rules.client_names

import data.admission.callers
import data.admission.profile
import data.admission.well_known

reviews contains _finding(name) if {
	some name in _reserved_in_use
	not _proved(name)
	not _loopback_only
	not callers.operator
}

warnings contains _finding(name) if {
	some name in _reserved_in_use
	_loopback_only
}

_finding(name) := {
	"code": "client_name_reserved",
	"field": "client_name",
	"params": {"reserved_name": name},
}

# In every language variant, such as client_name#ja.
_names contains value if {
	some member, value in input.client
	split(member, "#")[0] == "client_name"
}

_reserved contains name if some name in profile.settings.reserved_names

_reserved contains name if some name in profile.settings.well_known_clients[_].reserved_names

_reserved_in_use contains reserved if {
	some name in _names
	words := _words(name)
	some reserved in _reserved
	startswith(words, concat("", [lower(reserved), " "]))
}

# In lower case, one space between words and one behind the last, so that only whole words compare equal.
_words(name) := concat("", [concat(" ", words), " "]) if {
	words := [word | some word in split(strings.replace_n(_spaces, lower(name)), " "); word != ""]
}

# What looks like a space and is none: the space separators of Unicode.
_spaces := {
	"\u00a0": " ",
	"\u1680": " ",
	"\u2000": " ",
	"\u2001": " ",
	"\u2002": " ",
	"\u2003": " ",
	"\u2004": " ",
	"\u2005": " ",
	"\u2006": " ",
	"\u2007": " ",
	"\u2008": " ",
	"\u2009": " ",
	"\u200a": " ",
	"\u202f": " ",
	"\u205f": " ",
	"\u3000": " ",
}

_loopback_only if {
	count(input.client.redirect_uris) > 0
	every uri in input.client.redirect_uris {
		uri.loopback
	}
}

_elsewhere := [uri | some uri in input.client.redirect_uris; not uri.loopback]

_proved(name) if {
	count(_elsewhere) > 0
	every uri in _elsewhere {
		some owner in well_known.owners(uri)
		name in owner.reserved_names
	}
}
