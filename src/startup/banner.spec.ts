import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { renderBanner, wantsColour, type BannerFacts } from './banner.js';

const facts: BannerFacts = {
  version: '1.2.3',
  publicUrl: 'http://localhost:4000',
  realm: 'default',
  rows: [['Kafka', 'not set']],
  adminToken: 'kept in .clientele/admin-token',
  milliseconds: 1_234,
};

describe('the banner', () => {
  it('has a request that can be pasted into a shell and registers a loopback client', () => {
    const [, json] = /-d '(.*)'/.exec(renderBanner(facts, false)) ?? [];
    expect(renderBanner(facts, false)).toContain('curl -s http://localhost:4000/register');
    expect(JSON.parse(json ?? '')).toMatchObject({
      redirect_uris: [expect.stringMatching(/^http:\/\/127\.0\.0\.1/)],
    });
  });

  it('sets its rows in one column', () => {
    const lines = renderBanner(facts, false).split('\n');
    const columns = ['Issuer', 'Kafka', 'Admin token'].map((name) => {
      const line = lines.find((candidate) => candidate.startsWith(`  ${name} `)) ?? '';
      return line.search(/(?<= {2})\S[^ ]*(?: \S+)*(?: {2}.*)?$/);
    });
    expect(new Set(columns).size).toBe(1);
  });

  it('says the same with and without colours', () => {
    expect(renderBanner(facts, true)).not.toBe(renderBanner(facts, false));
    expect(stripVTControlCharacters(renderBanner(facts, true))).toBe(renderBanner(facts, false));
  });
});

describe('colours', () => {
  it('are for terminals that did not decline them', () => {
    expect(wantsColour({ isTTY: true }, {})).toBe(true);
    expect(wantsColour({}, {})).toBe(false);
    expect(wantsColour({ isTTY: true }, { NO_COLOR: '1' })).toBe(false);
    expect(wantsColour({ isTTY: true }, { TERM: 'dumb' })).toBe(false);
  });
});
