import { z } from 'zod';
import { text } from '../admin-body.js';

const texts = z.array(text(2048).min(1)).min(1).max(50);

/** Limits of an initial access token; a member that is left out does not limit. */
export const tokenConstraints = z.strictObject({
  scopes: texts.exactOptional(),
  redirect_hosts: texts.exactOptional(),
  grant_types: texts.exactOptional(),
  token_endpoint_auth_methods: texts.exactOptional(),
  resources: texts.exactOptional(),
  profile: text(64).min(1).exactOptional(),
});
