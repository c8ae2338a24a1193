import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { validate } from 'dockerfile-utils';
import { afterAll, describe, expect, it } from 'vitest';
import { configurationTable } from '../../src/platform/config/configuration-table.js';
import { readComposeFile, type ComposeService } from '../support/compose-file.js';

const { services, secrets, networks } = readComposeFile();
const all = Object.entries(services);
const ours = all.filter(([, { image }]) => image.startsWith('clientele:'));

describe('every container', () => {
  it.each(all)('%s has no capability, gains none, and a limit of memory', (_, service) => {
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.security_opt).toContain('no-new-privileges:true');
    expect(service.mem_limit).toMatch(/^\d+[mg]$/);
  });

  it.each(all.filter(([name]) => name !== 'kafka'))('%s cannot write to its image', (_, service) => {
    expect(service.read_only).toBe(true);
  });

  it.each(all.filter(([name]) => !['migrate', 'caddy'].includes(name)))(
    '%s says whether it is well',
    (_, service) => {
      expect(service.healthcheck?.test[0]).toBe('CMD');
    },
  );

  it('is reached through the proxy alone, and from this machine unless somebody says otherwise', () => {
    const published = all.flatMap(([name, { ports = [] }]) => ports.map((port) => `${name} ${port}`));
    expect(published).toEqual(['caddy 127.0.0.1:8443:8443']);
    expect(networks['inside']).toEqual({ internal: true });
    for (const name of ['postgres', 'kafka', 'relay', 'migrate'])
      expect(services[name]?.networks).toEqual(['inside']);
  });
});

describe('the environment', () => {
  const settings = (service: ComposeService) => Object.entries(service.environment ?? {});

  it.each(ours)('of %s names variables that exist', (_, service) => {
    const known = Object.entries(configurationTable).flatMap(([name, variable]) =>
      'secret' in variable ? [`${name}_FILE`] : [name],
    );
    expect(known).toEqual(expect.arrayContaining(settings(service).map(([name]) => name)));
  });

  it.each(all)('of %s holds no secret, and names files that are mounted', (_, service) => {
    const mounted = (service.secrets ?? []).map((name) => `/run/secrets/${name}`);
    for (const [name, value] of settings(service).filter(([key]) =>
      /PASSWORD|TOKEN|KEY|DATABASE_URL/.test(key),
    )) {
      expect(name).toMatch(/_FILE$/);
      expect(mounted).toContain(value);
    }
  });

  it('gives the password of the owner to nobody who serves', () => {
    const knowing = all.filter(([, service]) => service.secrets?.some((name) => name.startsWith('owner_')));
    expect(knowing.map(([name]) => name).toSorted()).toEqual(['migrate', 'postgres']);
  });
});

describe('instances', () => {
  it.each(['api', 'relay'])('%s: two, after the migrations', (name) => {
    expect(services[name]?.deploy?.replicas).toBe(2);
    expect(services[name]?.depends_on?.['migrate']?.condition).toBe('service_completed_successfully');
  });
});

describe('make-secrets.sh', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'clientele-secrets-'));
  const make = () => execFileSync('deploy/make-secrets.sh', [folder], { encoding: 'utf8' });
  const content = () =>
    Object.fromEntries(
      readdirSync(folder).map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]),
    );

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('makes every secret that is mounted, in a folder that is closed, and leaves what is there', () => {
    make();
    const made = content();
    expect(Object.keys(made).toSorted()).toEqual(
      Object.values(secrets)
        .map(({ file }) => path.basename(file))
        .toSorted(),
    );
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(make()).toBe('');
    expect(content()).toEqual(made);
  });
});

describe('the Dockerfile', () => {
  const text = readFileSync('Dockerfile', 'utf8');

  it('has nothing that its linter complains about', () => {
    expect(validate(text).map(({ message }) => message)).toEqual([]);
  });

  it('runs as somebody who is nobody on the host, in production mode', () => {
    const image = text.slice(text.lastIndexOf('FROM '));
    expect(image).toMatch(/^USER 10001:10001$/m);
    expect(image).toMatch(/^ENV NODE_ENV=production$/m);
    expect(image).toMatch(/^CMD \["node", "dist\/main.js"\]$/m);
    expect(image).toMatch(/^HEALTHCHECK /m);
  });

  it('lets nothing into the build that it does not copy', () => {
    const copied = [...text.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, names = '']) =>
      names.split(' '),
    );
    const allowed = readFileSync('.dockerignore', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const parents = copied.flatMap((name) => (name.includes('/') ? [path.dirname(name)] : []));
    expect(allowed.toSorted()).toEqual([...new Set([...copied, ...parents])].toSorted());
  });
});
