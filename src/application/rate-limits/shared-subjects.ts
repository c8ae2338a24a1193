import type { ThrottlingLimit } from '../../domain/rejection.js';
import type { ReceivedBody } from '../admission/received-body.js';

/** Enough for every client there is; a request with more hosts is limited by its first ones. */
const MOST_HOSTS = 3;
const LONGEST_SUBJECT = 256;
/** The host of an https URI in the one form that registration accepts; what has another form is refused later anyway. */
const HTTPS_HOST = /^https:\/\/([a-z0-9._-]{1,253})(?:[:/?]|$)/;

/**
 * What a registration has in common with others, wherever they come from: redirect hosts, the software, the body itself.
 * Read from the body as it came, because the limits come before it is judged.
 *
 * @param body its bytes' digest stands for "the same metadata": identical clients send identical bytes
 */
export function* sharedSubjects({
  value,
  sha256,
}: Extract<ReceivedBody, { ok: true }>): Generator<readonly [limit: ThrottlingLimit, subject: string]> {
  const { redirect_uris: uris, software_id: software } = value;
  if (Array.isArray(uris)) yield* hosts(uris);
  if (typeof software === 'string' && software !== '') {
    yield ['software', software.slice(0, LONGEST_SUBJECT)];
  }
  yield ['body', sha256];
}

function* hosts(uris: readonly unknown[]): Generator<readonly [ThrottlingLimit, string]> {
  const seen = new Set<string>();
  for (const uri of uris.slice(0, MOST_HOSTS)) {
    const host = typeof uri === 'string' ? HTTPS_HOST.exec(uri)?.[1] : undefined;
    if (host === undefined || seen.has(host)) continue;
    seen.add(host);
    yield ['redirect_host', host];
  }
}
