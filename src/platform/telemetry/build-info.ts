import { readFileSync } from 'node:fs';

const packageFile = new URL('../../../package.json', import.meta.url);

/** The version of the service, from package.json, which lies beside `src/` and `dist/` alike. */
export const { version: serviceVersion } = JSON.parse(readFileSync(packageFile, 'utf8')) as {
  readonly version: string;
};
