import type { RealmConfiguration } from '../../contract/realm.js';
import type { Mode } from '../../platform/config/configuration.js';

const EXAMPLE_SERVER = 'http://localhost:3001/mcp';

/**
 * What the default realm is at first start: registration open under the profile `default`. In development it knows the
 * example MCP server and accepts any other one on loopback, so that somebody's local server works at once.
 *
 * @param publicUrl the issuer
 */
export function defaultRealm(publicUrl: string, mode: Mode): RealmConfiguration {
  const development = mode === 'development';
  return {
    issuer: publicUrl,
    registration: 'open',
    profile: 'default',
    scopes: ['mcp:tools', 'offline_access'],
    default_scopes: ['mcp:tools'],
    resources: development
      ? [
          {
            identifier: EXAMPLE_SERVER,
            name: 'Example MCP server',
            scopes: ['mcp:tools'],
            token_format: 'jwt',
            token_lifetime: 300,
          },
        ]
      : [],
    default_resource: development ? EXAMPLE_SERVER : null,
    unknown_resources: development ? 'loopback' : 'refuse',
    lifetimes: { access_token: 300, refresh_token: 30 * 24 * 3600, grant: 12 * 3600 },
  };
}
