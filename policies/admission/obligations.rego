# METADATA
# title: Obligations
# description: >
#   Several rules and the profile may each oblige a client; the narrowest of all of them holds. Ceilings intersect,
#   lifetimes take the shortest, consent once required stays required, and trust is the lowest given.
package admission.obligations

_ceilings := {"scope_ceiling", "resource_ceiling", "grant_types"}

_lifetimes := {"token_lifetime", "secret_lifetime", "client_lifetime"}

# From the lowest to the highest.
_trust := ["untrusted", "approved", "trusted"]

# METADATA
# description: Whether every contribution is an object of known obligations with values that can be merged.
readable(contributions) if {
	every contribution in contributions {
		is_object(contribution)
		every name, value in contribution {
			_mergeable(name, value)
		}
	}
}

merged(contributions) := {name: value |
	some contribution in contributions
	some name, _ in contribution
	value := _narrowest(name, {given | given := contributions[_][name]})
}

_mergeable(name, value) if {
	name in _ceilings
	is_array(value)
	every entry in value {
		is_string(entry)
	}
}

_mergeable(name, value) if {
	name in _lifetimes
	is_number(value)
	value > 0
	value == floor(value)
}

_mergeable("require_consent", value) if is_boolean(value)

_mergeable("trust", value) if value in _trust

_narrowest(name, values) := sort(intersection({{entry | some entry in value} | some value in values})) if {
	name in _ceilings
}

_narrowest(name, values) := min(values) if name in _lifetimes

_narrowest("require_consent", values) := true in values

_narrowest("trust", values) := _trust[min({rank | some rank, level in _trust; level in values})]
