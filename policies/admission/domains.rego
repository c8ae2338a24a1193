# METADATA
# title: Domains
# description: >
#   Matches hosts against the patterns of a profile, label by label. `app.example.com` stands for exactly this host,
#   `*.example.com` for every host below it, however deep, and not for `example.com` itself. Text is never compared:
#   `*.example.com` must not match `attackerexample.com`.
package admission.domains

# METADATA
# description: Whether one of the patterns matches. `labels` are those of a URI in the input; IP addresses have none.
listed(labels, patterns) if {
	some pattern in patterns
	_matches(labels, split(lower(pattern), "."))
}

# METADATA
# description: >
#   As `listed`, for lists that forbid: a trailing dot, which DNS does not count, does not lead past the list.
forbidden(labels, patterns) if listed([label | some label in labels; label != ""], patterns)

_matches(labels, pattern) if labels == pattern

_matches(labels, pattern) if {
	pattern[0] == "*"
	suffix := array.slice(pattern, 1, count(pattern))
	count(suffix) > 0
	count(labels) > count(suffix)
	array.slice(labels, count(labels) - count(suffix), count(labels)) == suffix
}
