import { authorization } from './chapters/authorization.js';
import { browsers } from './chapters/browsers.js';
import { credentials } from './chapters/credentials.js';
import { deletion } from './chapters/deletion.js';
import { languagesAndStatements } from './chapters/languages-and-statements.js';
import { management } from './chapters/management.js';
import { metadata } from './chapters/metadata.js';
import { realClients } from './chapters/real-clients.js';
import { redirectUris } from './chapters/redirect-uris.js';
import { requests } from './chapters/requests.js';
import { response } from './chapters/response.js';
import type { Chapter, Profile } from './conformance-test.js';

/** The whole suite, in the order in which it runs. */
export const allChapters: readonly Chapter[] = [
  metadata,
  requests,
  response,
  redirectUris,
  credentials,
  languagesAndStatements,
  management,
  deletion,
  authorization,
  browsers,
  realClients,
];

/** Which tests a run is about. */
export interface Selection {
  readonly profiles: readonly Profile[];
  /** Identifiers, or the requirement that several tests share: `R-05` also means `R-05-echo`. Empty for all. */
  readonly only: readonly string[];
}

/** The chapters with the selected tests; chapters without any are left out. */
export function select({ profiles, only }: Selection): readonly Chapter[] {
  return allChapters
    .map(({ title, tests }) => ({
      title,
      tests: tests.filter(
        (test) =>
          test.profiles.some((profile) => profiles.includes(profile)) &&
          (only.length === 0 || only.some((id) => test.id === id || test.id.startsWith(`${id}-`))),
      ),
    }))
    .filter(({ tests }) => tests.length > 0);
}
