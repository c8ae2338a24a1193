import type { IntentRefusal } from '../../../domain/client/client-intents.js';
import { Problem } from '../../../platform/http/problem.js';

/** Why an operator's change does not apply, as a problem. */
export function intentProblem(refusal: IntentRefusal): Problem {
  switch (refusal.reason) {
    case 'client_not_found':
      return new Problem(404, 'client_not_found', 'there is no such client in this realm, or it is gone');
    case 'nothing_to_review':
      return new Problem(
        409,
        refusal.reason,
        `the client is ${refusal.status} and nothing of it waits for review`,
      );
    case 'version_moved':
      return new Problem(
        409,
        refusal.reason,
        `the client has moved on to version ${refusal.version}; look again`,
        {
          version: refusal.version,
        },
      );
    case 'already_suspended':
      return new Problem(409, refusal.reason, 'an operator has suspended the client already');
    case 'not_suspended':
      return new Problem(409, refusal.reason, 'no operator has suspended the client');
    case 'no_client_secret':
      return new Problem(
        409,
        refusal.reason,
        `the client authenticates with ${refusal.method} and has no secret`,
      );
    case 'too_many_secrets':
      return new Problem(
        409,
        refusal.reason,
        `${refusal.live} secrets are live already; leave out overlap_seconds to end them, or wait`,
      );
    case 'not_managed_by_itself':
      return new Problem(
        409,
        refusal.reason,
        'clients of this kind do not manage their own registration here',
      );
  }
}
