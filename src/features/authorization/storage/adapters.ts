import type pg from 'pg';
import type { ClientDirectory } from '../../../application/directory/client-directory.js';
import type { Adapter } from '../provider/oidc-provider.js';
import { AccessTokenAdapter } from './access-token-adapter.js';
import { ClientAdapter } from './client-adapter.js';
import { ModelAdapter } from './model-adapter.js';
import { ReplayAdapter } from './replay-adapter.js';

/** Where oidc-provider finds and keeps each of its models. */
export function adapters(
  pool: pg.Pool,
  directory: ClientDirectory,
  realm: string,
): (model: string) => Adapter {
  return (model) => {
    switch (model) {
      case 'Client':
        return new ClientAdapter(directory, realm);
      case 'AccessToken':
      case 'ClientCredentials':
        return new AccessTokenAdapter(pool, realm, model);
      case 'ReplayDetection':
        return new ReplayAdapter(pool, realm);
      default:
        return new ModelAdapter(pool, realm, model);
    }
  };
}
