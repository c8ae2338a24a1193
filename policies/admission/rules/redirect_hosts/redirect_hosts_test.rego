package admission.rules.redirect_hosts_test

import data.admission.rules.redirect_hosts

_loopback := {
	"raw": "http://127.0.0.1/cb",
	"scheme": "http",
	"host": "127.0.0.1",
	"labels": [],
	"port": null,
	"path": "/cb",
	"loopback": true,
	"registrable_domain": null,
}

_https(host) := {
	"raw": concat("", ["https://", host, "/cb"]),
	"scheme": "https",
	"host": host,
	"labels": split(host, "."),
	"port": null,
	"path": "/cb",
	"loopback": false,
	"registrable_domain": host,
}

_address := object.union(_https("192.0.2.1"), {"labels": []})

_input(uris) := {"caller": {"kind": "anonymous"}, "profile": "test", "client": {"redirect_uris": uris}}

_profiles := {"test": {"allowed_domains": ["good.example"], "denied_domains": ["bad.example"], "token_holders": {}}}

test_each_host_has_its_class[note] if {
	some note, tc in {
		"loopback is silent": {"uris": [_loopback], "denied": set(), "reviewed": set()},
		"allowed is silent": {"uris": [_https("good.example")], "denied": set(), "reviewed": set()},
		"unknown is reviewed": {
			"uris": [_https("new.example")],
			"denied": set(),
			"reviewed": {"redirect_host_unknown"},
		},
		"an address is reviewed": {"uris": [_address], "denied": set(), "reviewed": {"redirect_host_is_address"}},
		"denied is refused": {
			"uris": [_loopback, _https("bad.example")],
			"denied": {"redirect_host_denied"},
			"reviewed": {"redirect_host_unknown"},
		},
	}

	violations := redirect_hosts.violations with input as _input(tc.uris) with data.profiles as _profiles
	reviews := redirect_hosts.reviews with input as _input(tc.uris) with data.profiles as _profiles
	{finding.code | some finding in violations} == tc.denied
	{finding.code | some finding in reviews} == tc.reviewed
}

test_a_finding_names_the_host if {
	found := redirect_hosts.reviews with input as _input([_https("new.example")]) with data.profiles as _profiles
	found == {{
		"code": "redirect_host_unknown",
		"field": "redirect_uris",
		"params": {"host": "new.example", "registrable_domain": "new.example"},
	}}
}
