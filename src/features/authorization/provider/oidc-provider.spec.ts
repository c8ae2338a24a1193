import { expect, it, vi } from 'vitest';

it('loads oidc-provider without a word about the runtime, and lets every other warning through', async () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  const loading = import('./oidc-provider.js');
  console.warn('something else');
  await loading;
  expect(warn.mock.calls).toEqual([['something else']]);
  console.warn('afterwards');
  expect(warn).toHaveBeenLastCalledWith('afterwards');
});
