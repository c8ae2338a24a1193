import { isIPv6 } from 'node:net';

const MAPPED_IPV4 = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i;
const GROUPS_OF_A_SITE = 4;

/**
 * Whom an address stands for: itself, or for IPv6 its /64, which is the least that one subscriber has and the most that
 * may be one.
 *
 * @param address as the socket or a trusted proxy gave it; null where there is none
 */
export function networkOf(address: string | null): string {
  if (address === null) return 'unknown';
  const mapped = MAPPED_IPV4.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.toLowerCase().split('%', 1)[0]!.split('::');
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return `${[...before, ...Array<string>(Math.max(zeros, 0)).fill('0'), ...after]
    .slice(0, GROUPS_OF_A_SITE)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}

/** A dotted quad at the end stands for two groups, and never for one of the first four unless it is mapped. */
function groups(text: string): string[] {
  return text === '' ? [] : text.split(':').flatMap((group) => (group.includes('.') ? ['0', '0'] : [group]));
}
