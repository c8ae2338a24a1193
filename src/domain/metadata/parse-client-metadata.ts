import type { JsonObject } from '../../contract/json.js';
import { effectiveMembers } from './effective/effective-members.js';
import { readMembers } from './members/read-members.js';
import type { ParseOptions, ParseResult } from './parse-options.js';

/**
 * Makes client metadata of a JSON object: checks types and values, drops what is not understood, narrows to what the server
 * supports, fills in defaults and checks the members against one another (RFC 7591 section 2). The same path serves dynamic
 * registration, metadata documents and managed clients. Never throws for any JSON object, and parsing its own result gives
 * that result again.
 *
 * @param body the object as parsed; depth and size are the JSON guard's business
 * @param options the channel, what the realm's server can do, and the profile's custom metadata
 * @returns the effective metadata, or the one fault to tell, redirect URIs before everything else
 */
export function parseClientMetadata(body: JsonObject, options: ParseOptions): ParseResult {
  const read = readMembers(body, options);
  const effective = effectiveMembers(read, options);
  if (!effective.ok) return effective;
  return {
    ok: true,
    metadata: { members: effective.members, custom: read.custom },
    declared: read.declared,
    ignored: read.ignored,
    custom_errors: options.custom.validate(read.custom),
  };
}
