import { createServer, type AddressInfo } from 'node:net';
import type { Configuration } from '../platform/config/configuration.js';
import { StartRefused } from '../platform/start-refused.js';

/** What listening fails with, and what to do about it. */
const sentences: Readonly<Record<string, (host: string, port: number) => string>> = {
  EADDRINUSE: (_, port) =>
    `Port ${port} is in use by another program. Stop that one, or choose another with PORT.`,
  EACCES: (_, port) =>
    `Port ${port} needs rights that this user does not have. Choose one above 1023 with PORT.`,
  EADDRNOTAVAIL: (host) => `HOST is ${host}, which is no address of this machine.`,
  ENOTFOUND: (host) => `HOST is ${host}, which is no address of this machine.`,
};

/** The refusal for an error of `listen`; other errors as they are. */
export function listenError(error: unknown, { host, port }: Pick<Configuration, 'host' | 'port'>): unknown {
  const sentence = sentences[(error as NodeJS.ErrnoException).code ?? ''];
  return sentence === undefined ? error : new StartRefused(sentence(host, port), { cause: error });
}

/**
 * Finds out early whether we shall be able to listen, and settles port 0 on a free one, because the issuer contains it.
 *
 * @throws StartRefused
 */
export async function settlePort(configuration: Configuration): Promise<Configuration> {
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once('error', reject);
      probe.listen(configuration.port, configuration.host, resolve);
    });
  } catch (error) {
    throw listenError(error, configuration);
  }
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  if (configuration.port !== 0) return configuration;
  const publicUrl = configuration.publicUrl.replace(/:0$/, `:${port}`);
  return { ...configuration, port, publicUrl };
}
