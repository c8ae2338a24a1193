import { getDomain } from 'tldts';
import type { JsonValue } from '../../contract/json.js';
import type { PolicyClient, PolicyUri } from '../policy/policy-input.js';
import type { ClientMetadata } from './client-metadata.js';
import { readMemberName } from './members/member-name.js';
import { isLoopback, isPrivateUse } from './redirect-uri.js';
import { isIpAddress, splitUri } from './uri.js';

/**
 * A URI in the parts that policy rules compare, so that none of them ever compares URLs as text (threat P7).
 *
 * @param raw a URI that registration accepted
 * @throws TypeError for any other string
 */
export function parsePolicyUri(raw: string): PolicyUri {
  const split = splitUri(raw);
  if (!split.ok) throw new TypeError(`only an accepted URI can be put before the policy: ${split.fault}`);
  const { scheme, port, path } = split.uri;
  const host = split.uri.host?.toLowerCase() ?? null;
  const name = host === null || isIpAddress(host) ? null : host;
  return {
    raw,
    scheme,
    host,
    labels: name?.split('.') ?? [],
    port,
    path,
    loopback: isLoopback(split.uri),
    // The host of a private-use URI is a name inside an application and belongs to no domain.
    registrable_domain: name === null || isPrivateUse(split.uri) ? null : registrableDomain(name),
  };
}

/**
 * The client as the policy input carries it: the whole effective metadata, every URI parsed, scope values apart. Which
 * members are URIs follows from the metadata table (threat P6).
 *
 * @param metadata the effective metadata; sealed members go through as they are
 */
export function toPolicyClient(metadata: ClientMetadata): PolicyClient {
  const entries = Object.entries(metadata.members).filter(([, value]) => value !== undefined) as [
    string,
    JsonValue,
  ][];
  return Object.fromEntries(
    entries.map(([name, value]) => [name, policyValue(name, value)]),
  ) as unknown as PolicyClient;
}

function policyValue(
  name: string,
  value: JsonValue,
): JsonValue | PolicyUri | readonly PolicyUri[] | readonly string[] {
  if (name === 'scope') return (value as string).split(' ').filter((scope) => scope !== '');
  switch (readMemberName(name)?.member.type) {
    case 'url':
      return parsePolicyUri(value as string);
    case 'url[]':
      return (value as readonly string[]).map(parsePolicyUri);
    default:
      return value;
  }
}

function registrableDomain(host: string): string | null {
  return getDomain(host, { allowPrivateDomains: true, extractHostname: false });
}
