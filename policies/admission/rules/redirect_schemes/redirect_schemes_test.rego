package admission.rules.redirect_schemes_test

import data.admission.rules.redirect_schemes

_uri(scheme, loopback) := {"raw": concat("", [scheme, ":/cb"]), "scheme": scheme, "loopback": loopback, "path": "/cb"}

_input(uri) := {"caller": {"kind": "anonymous"}, "profile": "test", "client": {"redirect_uris": [uri]}}

_profiles := {"test": {"dotless_schemes": ["listed"], "allowed_schemes": ["com.acme.app"]}}

test_each_scheme_has_its_class[note] if {
	some note, tc in {
		"https": {"uri": _uri("https", false), "codes": set()},
		"http on loopback": {"uri": _uri("http", true), "codes": set()},
		"another scheme that claims loopback": {"uri": _uri("ftp", true), "codes": {"redirect_scheme_forbidden"}},
		"http elsewhere": {"uri": _uri("http", false), "codes": {"redirect_scheme_forbidden"}},
		"with a dot": {"uri": _uri("com.new.app", false), "codes": {"redirect_scheme_unknown"}},
		"with a dot, admitted": {"uri": _uri("com.acme.app", false), "codes": set()},
		"without a dot": {"uri": _uri("unlisted", false), "codes": {"redirect_scheme_forbidden"}},
		"without a dot, listed": {"uri": _uri("listed", false), "codes": {"redirect_scheme_unknown"}},
	}
	violations := redirect_schemes.violations with input as _input(tc.uri) with data.profiles as _profiles
	reviews := redirect_schemes.reviews with input as _input(tc.uri) with data.profiles as _profiles
	{finding.code | some finding in (violations | reviews)} == tc.codes
}

test_a_list_of_private_schemes_does_not_admit_http if {
	profiles := {"test": {"dotless_schemes": ["http"], "allowed_schemes": ["http"]}}
	violations := redirect_schemes.violations with input as _input(_uri("http", false)) with data.profiles as profiles
	count(violations) == 1
}

test_without_settings_every_dotless_scheme_is_refused if {
	violations := redirect_schemes.violations with input as _input(_uri("listed", false)) with data.profiles as {"test": {}}
	count(violations) == 1
}
