import { isIP } from 'node:net';
import type { Mode } from './configuration.js';

/**
 * Development is when only this machine can reach the service: a loopback PUBLIC_URL, and NODE_ENV is not `production`.
 *
 * @param publicUrl undefined for the default, which is loopback
 */
export function modeOf(publicUrl: string | undefined, nodeEnvironment: string | undefined): Mode {
  if (nodeEnvironment === 'production') return 'production';
  return publicUrl === undefined || isLoopbackHost(new URL(publicUrl).hostname)
    ? 'development'
    : 'production';
}

/** @param hostname as `URL.hostname` gives it: lower case, IPv6 in brackets */
export function isLoopbackHost(hostname: string): boolean {
  if (hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]') return true;
  return isIP(hostname) === 4 && hostname.startsWith('127.');
}
