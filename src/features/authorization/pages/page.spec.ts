import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html } from './html.js';
import { page } from './page.js';

const plain = { title: 'T', tone: 'open', server: 'localhost:3000', body: html`<h1>T</h1>` } as const;
const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

describe('page', () => {
  it('lets in exactly the style and the script it carries', () => {
    const { body, headers } = page({ ...plain, reload: { seconds: 5, url: '/next', script: 'go()' } });
    const policy = headers['content-security-policy']!;
    expect(policy).toContain(`style-src ${hash(/<style>([^]*?)<\/style>/.exec(body)![1]!)}`);
    expect(policy).toContain(`script-src ${hash(/<script[^>]*>([^]*?)<\/script>/.exec(body)![1]!)}`);
    expect(body).not.toContain(' style=');
    expect(body).not.toMatch(/ on[a-z]+=/);
  });

  it('lets no script in where it carries none', () => {
    expect(page(plain).headers['content-security-policy']).not.toContain('script-src');
  });

  it('works without scripts: the page reloads itself', () => {
    const { body } = page({ ...plain, reload: { seconds: 5, url: '/a?b=1&c="', script: 'go()' } });
    expect(body).toContain('<meta http-equiv="refresh" content="5;url=/a?b=1&amp;c=&quot;" />');
    expect(body).toContain('data-continue="/a?b=1&amp;c=&quot;"');
  });
});

describe('html', () => {
  it('escapes whatever is put in', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const inside = html`<p title="${text}">${text}</p>`.text
          .replace('<p title="', '')
          .replace('</p>', '');
        expect(inside.replace('">', '')).not.toMatch(/[<>"']/);
      }),
    );
    expect(html`${[html`<b>${1}</b>`, null, '<']}`.text).toBe('<b>1</b>&lt;');
  });
});
