import { QueryBus } from '@nestjs/cqrs';
import { ListProfiles } from '../../application/policies/list-profiles.query.js';
import { Problem } from '../../platform/http/problem.js';

/**
 * Refuses a profile that the realm's active policy does not have, because nothing could be admitted under it.
 *
 * @param member the member of the request that names the profile
 * @throws Problem 400
 */
export async function assertProfile(
  queries: QueryBus,
  realm: string,
  profile: string,
  member: string,
): Promise<void> {
  const profiles = await queries.execute(new ListProfiles(realm));
  if (profiles.includes(profile)) return;
  const problem = `must be one of the active policy's profiles: ${profiles.join(', ')}`;
  throw new Problem(400, 'invalid_request', `${member}: ${problem}`, { errors: [{ member, problem }] });
}
