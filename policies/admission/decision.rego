# METADATA
# title: Admission
# description: >
#   Gathers what every rule says about one client and makes one decision of it. Rules are found by their package, never
#   listed here: a package below admission.rules or custom.rules takes part by existing. Where the input or a contribution
#   cannot be read there is no decision at all, and the service answers "unavailable"; silence never admits anybody.
# schemas:
#   - input: schema.input
package admission

import data.admission.input_guard
import data.admission.obligations
import data.admission.profile
import data.admission.statements

# METADATA
# title: Decision
# description: The outcome, the findings behind it, and what an admitted client has to live with.
# entrypoint: true
decision := {
	"outcome": _outcome,
	"violations": sort(_violations),
	"reviews": sort(_reviews),
	"obligations": obligations.merged(_obligations),
	"warnings": sort(_warnings),
} if {
	input_guard.readable
	count(_unreadable_rules) == 0
	obligations.readable(_obligations)
}

_outcome := "deny" if {
	count(_violations) > 0
} else := "review" if {
	count(_reviews) > 0
} else := "allow"

_violations contains _named(finding, rule) if {
	some rule
	some finding in data.admission.rules[rule].violations
}

_violations contains _named(finding, concat(".", ["custom", rule])) if {
	some rule
	some finding in data.custom.rules[rule].violations
}

_reviews contains _named(finding, rule) if {
	some rule
	some finding in data.admission.rules[rule].reviews
	not _settled(finding)
}

_reviews contains _named(finding, concat(".", ["custom", rule])) if {
	some rule
	some finding in data.custom.rules[rule].reviews
	not _settled(finding)
}

# Somebody whom the profile trusts with it has reviewed this member.
_settled(finding) if statements.vouched_for(finding.field)

_warnings contains _named(finding, rule) if {
	some rule
	some finding in data.admission.rules[rule].warnings
}

_warnings contains _named(finding, concat(".", ["custom", rule])) if {
	some rule
	some finding in data.custom.rules[rule].warnings
}

_obligations contains profile.obligations

_obligations contains data.admission.rules[_].obligations

_obligations contains data.custom.rules[_].obligations

# The package tells the rule's name, so that no rule can speak for another. A finding that is no object stays as it is:
# the host refuses the whole decision for it.
_named(finding, rule) := object.union(finding, {"rule": rule}) if is_object(finding)

_named(finding, _) := finding if not is_object(finding)

# An iteration over a string or a number yields nothing and says nothing: a rule written that way would pass in silence.
_unreadable_rules contains rule if {
	some rule
	findings := data.custom.rules[rule].violations
	not is_set(findings)
}

_unreadable_rules contains rule if {
	some rule
	findings := data.custom.rules[rule].reviews
	not is_set(findings)
}

_unreadable_rules contains rule if {
	some rule
	findings := data.custom.rules[rule].warnings
	not is_set(findings)
}
