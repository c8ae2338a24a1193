# METADATA
# title: Client names
# description: >
#   People decide on consent by the name they read. A name of the client or its organization that begins with a reserved
#   one, or looks as if it did, is reviewed unless the redirect URIs prove its owner. Clients that only redirect to the
#   user's own machine are admitted with a warning: their name cannot be proved either way, and the consent page says so.
#   A word that mixes scripts is reviewed, whoever sends it.
# schemas:
#   - input: schema.input
package admission.rules.client_names

import data.admission.callers
import data.admission.profile
import data.admission.well_known

reviews contains _finding(used) if {
	some used in _reserved_in_use
	not _proved(used.reserved)
	not _loopback_only
	not callers.operator
}

reviews contains {"code": "name_mixes_scripts", "field": name.field, "params": {"word": word}} if {
	some name in _names
	_beyond_ascii(name.value)
	some word in split(_spaced(name.value), " ")
	_mixes_scripts(word)
	not callers.operator
}

warnings contains _finding(used) if {
	some used in _reserved_in_use
	_loopback_only
}

_finding(used) := {
	"code": "client_name_reserved",
	"field": used.field,
	"params": {"reserved_name": used.reserved},
}

# In every language variant, such as client_name#ja.
_names contains {"field": field, "value": value} if {
	some member, value in input.client
	field := split(member, "#")[0]
	field in {"client_name", "organization_name"}
}

_reserved contains name if some name in profile.settings.reserved_names

_reserved contains name if some name in profile.settings.well_known_clients[_].reserved_names

_reserved_list := [name | some name in _reserved]

# As they look, each with a space behind it. All at once, which is cheaper than one by one; the order stays.
_reserved_looks := split(_look(concat(" \n", array.concat(_reserved_list, [""]))), "\n")

_reserved_in_use contains {"field": name.field, "reserved": _reserved_list[index]} if {
	some name in _names
	words := _words(_look(_plain(name.value)))
	some index, look in _reserved_looks
	look != ""
	startswith(words, look)
}

# One space between words and one behind the last, so that only whole words compare equal.
_words(name) := concat("", [concat(" ", words), " "]) if {
	words := [word | some word in split(_spaced(name), " "); word != ""]
}

# Letters of ASCII that a reader takes for one another.
_look(text) := strings.replace_n({"i": "l", "1": "l", "|": "l", "0": "o", "rn": "m", "vv": "w"}, lower(text))

# With the letters of ASCII in the place of what looks like them (Unicode TR39).
_plain(name) := name if {
	not _beyond_ascii(name)
} else := concat("", [object.get(data.confusables.letters, [character], character) |
	some character in split(name, "")
])

# Three octets make four characters of base64, and a character of ASCII is one octet. A regular expression would say it
# better and cost more than all the rest of the decision.
_beyond_ascii(text) if count(base64.encode(concat("", [text, text, text]))) > 4 * count(text)

# Two alphabets in one word, of which one can pass for the other.
_mixes_scripts(word) if {
	scripts := {data.confusables.scripts[character] | some character in split(word, "")}
	count(scripts) > 1
}

_spaced(name) := strings.replace_n(_spaces, name)

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
