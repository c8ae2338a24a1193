import { readFileSync } from 'node:fs';

/** The account a PostgreSQL server runs as. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

const preferredNames = ['postgres', 'nobody'];

/**
 * The account for a PostgreSQL that we start. PostgreSQL refuses to run as root, so root hands it to an unprivileged
 * account that has an entry in the password file (initdb looks its own name up).
 *
 * @returns undefined when the server simply runs as whoever we are
 * @throws Error for root on a machine without such an account
 */
export function serverAccount(): ServerAccount | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = passwordEntries();
  for (const name of preferredNames) {
    const account = accounts.get(name);
    if (account && account.uid !== 0) return account;
  }
  throw new Error(
    'PostgreSQL does not run as root, and this machine has neither a user "postgres" nor "nobody" to run it as. ' +
      'Start Clientele as a normal user, or set DATABASE_URL to a PostgreSQL server.',
  );
}

function passwordEntries(): Map<string, ServerAccount> {
  const entries = new Map<string, ServerAccount>();
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name && uid && gid) entries.set(name, { uid: Number(uid), gid: Number(gid) });
  }
  return entries;
}
