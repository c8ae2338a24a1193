import { METADATA_TABLE } from '../../domain/metadata/metadata-table.js';

/** Names that no custom metadata may have: protocol members, and what our own answers add to them. */
export const reservedMembers: ReadonlySet<string> = new Set([
  ...METADATA_TABLE.map((member) => member.name),
  'software_statement',
  'client_status',
  'pending_change',
]);
