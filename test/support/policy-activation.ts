import type { JsonObject } from '../../src/contract/json.js';
import { changeBundle, shippedBundle, unpackBundle } from './policy-bundles.js';
import type { TestService } from './service.js';

/** Activates the shipped policy with other settings in its default profile. */
export async function activateSettings(service: TestService, settings: JsonObject): Promise<void> {
  const files = await unpackBundle(shippedBundle());
  const data = JSON.parse(files.get('/data.json')!.toString()) as { profiles: { default: JsonObject } };
  Object.assign(data.profiles.default, settings);
  const bundle = await changeBundle(shippedBundle(), { '/data.json': JSON.stringify(data) });
  const uploaded = await service.request('/admin/v1/policies', {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${service.configuration.adminToken}`,
      'Content-Type': 'application/gzip',
    },
    body: new Uint8Array(bundle),
  });
  const { digest } = (await uploaded.json()) as { digest: string };
  const activated = await service.admin('POST', `/policies/${digest}/activate`, { reason: 'a test' });
  if (activated.status !== 200) throw new Error(`the policy was not activated: ${await activated.text()}`);
}
