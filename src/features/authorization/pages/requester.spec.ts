import { describe, expect, it } from 'vitest';
import type { ClientState } from '../../../domain/client/client-state.js';
import { requester, selfAssertedName } from './requester.js';

function aClient(name: unknown, trust?: 'untrusted' | 'approved'): ClientState {
  const members = { client_name: name };
  return {
    client_id: 'c_1',
    metadata: { members, custom: {} },
    obligations: trust ? { trust } : {},
  } as unknown as ClientState;
}

describe('requester', () => {
  it.each([
    ['https://claude.ai/api/mcp/auth_callback', 'website', 'claude.ai', 'https://claude.ai'],
    ['https://app.example:8443/cb', 'website', 'app.example:8443', 'https://app.example:8443'],
    ['http://localhost:3118/callback', 'this-computer', 'localhost:3118', 'http://localhost:3118'],
    ['http://127.0.0.1/cb', 'this-computer', '127.0.0.1', 'http://127.0.0.1'],
    ['http://[::1]:9/cb', 'this-computer', '[::1]:9', 'http:'],
    ['cursor://anysphere.cursor-mcp/cb', 'app', 'cursor', 'cursor:'],
    ['com.example.app:/cb', 'app', 'com.example.app', 'com.example.app:'],
  ])('C1 says of %s where the answer goes', (uri, kind, address, formTarget) => {
    expect(requester(aClient('Name'), uri)).toMatchObject({ kind, address, formTarget });
  });

  it('R-92 says of a name who has checked it', () => {
    const says = (client: ClientState): string =>
      selfAssertedName(requester(client, 'https://a.example/cb')).text;
    expect(says(aClient('Claude'))).toContain('nobody has checked it');
    const stated = (members: string[]) =>
      ({
        ...aClient('Claude'),
        software_statement: { statement: '', sha256: '', issuer: 'https://directory.example', members },
      }) as ClientState;
    expect(says(stated(['client_name']))).toContain('says <bdi>https://directory.example</bdi>');
    expect(says(stated(['logo_uri']))).toContain('nobody has checked it');
    expect(says(aClient('Claude', 'approved'))).toContain('approved it');
    expect(says(aClient(undefined))).toContain('gave no name');
    expect(says(aClient({ $sealed: {} }))).toContain('gave no name');
  });
});
