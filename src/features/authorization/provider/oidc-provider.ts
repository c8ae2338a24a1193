import type { Provider as ProviderInstance } from 'oidc-provider';

/**
 * The one place that loads oidc-provider. On Node 20 the package says on import that it does not support the runtime; it
 * runs there (the suite proves it), and an operator can do nothing about the line. Exactly that line is dropped.
 */
const UNSUPPORTED_RUNTIME = 'oidc-provider WARNING: Unsupported runtime.';

const warn = console.warn;
console.warn = (...line: unknown[]): void => {
  if (!String(line[0]).includes(UNSUPPORTED_RUNTIME)) warn(...line);
};
const library = await import('oidc-provider').finally(() => {
  console.warn = warn;
});

export const { Provider, errors, interactionPolicy } = library;
/** For grants of our own: what its grants do themselves. Not covered by its versioning; the suite pins it. */
export const { checkDpopReplay, validateDpop } = await import('oidc-provider/lib/helpers/grants.js');
export type Provider = ProviderInstance;
export type {
  Adapter,
  AdapterPayload,
  AllClientMetadata,
  Client,
  Configuration,
  Interaction,
  KoaContextWithOIDC,
  TokenEndpointGrantContext,
} from 'oidc-provider';
