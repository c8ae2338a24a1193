import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { readComposeFile, type ComposeFile } from './compose-file.js';
import { databaseUrl, onServer } from './postgres-template.js';

/** What docker-compose.yml would give its containers, with the addresses of what runs here. */
export interface ComposeEnvironment {
  readonly file: ComposeFile;
  /** Everything that a service's process would find in its environment, and a free port to listen on. */
  of(service: string): Record<string, string>;
  /** The content of a secret's file. */
  secret(name: string): string;
  /** The database, as its administrator. */
  readonly administratorUrl: string;
  remove(): void;
}

const DATABASE = 'clientele';

/**
 * Prepares a server as the `postgres` service does at its first start, with the secrets that make-secrets.sh makes, and
 * reads the environment of the other services from the compose file.
 *
 * @param hosts `postgres` and `kafka`: where the containers of that name are here, as `host:port`
 * @param postgresUrl a superuser's, on a server of the caller's own: roles have fixed names
 */
export async function prepareComposeEnvironment(
  hosts: Readonly<Record<'postgres' | 'kafka', string>>,
  postgresUrl: string,
  publicUrl: string,
): Promise<ComposeEnvironment> {
  const folder = mkdtempSync(path.join(tmpdir(), 'clientele-compose-'));
  execFileSync('deploy/make-secrets.sh', [folder]);
  const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8').trim();
  for (const name of ['owner_database_url', 'service_database_url']) {
    chmodSync(path.join(folder, name), 0o600);
    writeFileSync(path.join(folder, name), here(read(name), hosts));
  }
  const administratorUrl = databaseUrl(postgresUrl, DATABASE);
  await onServer(postgresUrl, (client) => client.query(`create database ${DATABASE}`));
  await makeRoles(administratorUrl, (role) => read(`${role}_password`));

  const file = readComposeFile({ PUBLIC_URL: publicUrl, FRONT_SUBNET: '127.0.0.0/8' });
  return {
    file,
    administratorUrl,
    secret: read,
    of: (service) => ({
      ...imageEnvironment(),
      PORT: '0',
      ...Object.fromEntries(
        Object.entries(file.services[service]?.environment ?? {}).map(([name, value]) => [
          name,
          here(value.replace(/^\/run\/secrets\//, `${folder}/`), hosts),
        ]),
      ),
    }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Puts the address of this machine in the place of a container's name. */
function here(text: string, hosts: Readonly<Record<string, string>>): string {
  return text.replace(/\b(postgres|kafka):\d+(?=\/|$)/g, (_, name: string) => hosts[name] ?? '');
}

/** What roles.sh does, without psql. */
async function makeRoles(url: string, password: (role: string) => string): Promise<void> {
  const options = ['owner', 'service', 'report'].map(
    (role) => `-c clientele.${role}_password=${password(role)}`,
  );
  const client = new pg.Client({ connectionString: url, options: options.join(' ') });
  await client.connect();
  try {
    await client.query(readFileSync('deploy/postgres/roles.sql', 'utf8'));
  } finally {
    await client.end();
  }
}

function imageEnvironment(): Record<string, string> {
  const lines = readFileSync('Dockerfile', 'utf8').matchAll(/^ENV (\w+)=(.*)$/gm);
  return Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, value]));
}
