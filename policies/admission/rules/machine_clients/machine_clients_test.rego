package admission.rules.machine_clients_test

import data.admission.rules.machine_clients

_input(caller) := {"caller": caller, "profile": "test", "client": {"grant_types": ["client_credentials"]}}

_profiles := {"test": {"token_holders": {"machine_clients": true}}}

test_somebody_has_to_vouch[note] if {
	some note, tc in {
		"anonymous": {"caller": {"kind": "anonymous", "token_id": null}, "reviews": 1},
		"client without a token": {"caller": {"kind": "client", "token_id": null}, "reviews": 1},
		"token": {"caller": {"kind": "initial_access_token", "token_id": "iat_1"}, "reviews": 0},
		"operator": {"caller": {"kind": "operator", "token_id": null}, "reviews": 0},
	}
	found := machine_clients.reviews with input as _input(tc.caller) with data.profiles as _profiles
	count(found) == tc.reviews
}

test_clients_of_users_need_nobody if {
	found := machine_clients.reviews with input as {"client": {"grant_types": ["authorization_code"]}}
	count(found) == 0
}
