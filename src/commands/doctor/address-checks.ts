import { ok, warn, type Check } from './check.js';

const PATH = '/.well-known/oauth-authorization-server';
const PATIENCE_MS = 5_000;

/** Whether clients find the service under its own name. */
export const addressChecks: readonly Check[] = [
  {
    name: 'public url',
    async run({ publicUrl }) {
      const url = `${publicUrl}${PATH}`;
      const advice =
        'Fine while the service is down. Otherwise look at DNS, TLS and the ingress: clients begin here.';
      try {
        const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) });
        if (response.status !== 200) return warn(`${url} answers ${response.status}`, advice);
        const { issuer } = (await response.json()) as { issuer?: unknown };
        return issuer === publicUrl
          ? ok(`${url} names its issuer`)
          : warn(
              `${url} names the issuer ${JSON.stringify(issuer)}`,
              'Clients compare byte for byte: PUBLIC_URL must be that issuer.',
            );
      } catch (error) {
        const { message, cause } = error as Error;
        const reason = (cause as NodeJS.ErrnoException | undefined)?.code ?? message;
        return warn(`${url} does not answer: ${reason}`, advice);
      }
    },
  },
];
