package admission.rules.metadata_uris_test

import data.admission.rules.metadata_uris

_profiles := {"test": {"denied_domains": ["bad.example"]}}

_bad := {"raw": "https://bad.example/", "host": "bad.example", "labels": ["bad", "example"]}

_good := {"raw": "https://good.example/", "host": "good.example", "labels": ["good", "example"]}

test_denied_hosts_are_found_in_every_member[note] if {
	some note, tc in {
		"single": {"client": {"logo_uri": _bad, "client_uri": _good}, "fields": {"logo_uri"}},
		"list": {"client": {"request_uris": [_good, _bad]}, "fields": {"request_uris"}},
		"list without a denied host": {"client": {"request_uris": [_good]}, "fields": set()},
		"redirects have a rule of their own": {"client": {"redirect_uris": [_bad]}, "fields": set()},
		"members that are no URIs": {"client": {"client_name": "bad.example", "contacts": ["x"]}, "fields": set()},
	}
	found := metadata_uris.violations with input as {"profile": "test", "client": tc.client}
		with data.profiles as _profiles
	{finding.field | some finding in found} == tc.fields
}

test_only_pages_for_people_are_compared_with_the_redirects[note] if {
	some note, tc in {
		"page": {"field": "logo_uri", "fields": {"logo_uri"}},
		"page in another language": {"field": "logo_uri#fr", "fields": {"logo_uri#fr"}},
		"keys": {"field": "jwks_uri", "fields": set()},
	}
	redirect := {"raw": "https://a.example/cb", "registrable_domain": "a.example"}
	elsewhere := object.union(_good, {"registrable_domain": "good.example"})
	client := {"redirect_uris": [redirect], tc.field: elsewhere}
	found := metadata_uris.warnings with input as {"profile": "test", "client": client}
		with data.profiles as _profiles
	{finding.field | some finding in found} == tc.fields
}
