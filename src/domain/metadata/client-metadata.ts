export type { Channel, ClientMetadata, RegisteredMembers } from '../../contract/client-metadata.js';
