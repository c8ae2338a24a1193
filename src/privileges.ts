import type { Privileges, TablePrivilege } from './platform/database/privileges.js';

const nothing: readonly TablePrivilege[] = [];
const read: readonly TablePrivilege[] = ['select'];
/** Once written, it stays as it is. */
const append: readonly TablePrivilege[] = ['select', 'insert'];
const project: readonly TablePrivilege[] = ['select', 'insert', 'update'];
/** Written once, and removed when nothing needs it any more. */
const retire: readonly TablePrivilege[] = ['select', 'insert', 'delete'];
const keep: readonly TablePrivilege[] = ['select', 'insert', 'update', 'delete'];

/**
 * What the serving role (`appender`) and reports (`reader`) may do: ADR 0011. Every table and function of the schema has a
 * row. Partitions have none, because access goes through the table that they are part of.
 */
export const privileges: Privileges = {
  tables: {
    events: { appender: append, reader: read },
    event_claims: { appender: append, reader: nothing },
    decision_inputs: { appender: ['insert'], reader: read },
    projection_versions: { appender: read, reader: read },
    client_directory: { appender: project, reader: read },
    initial_access_tokens: { appender: project, reader: read },
    realms: { appender: project, reader: read },
    policy_bindings: { appender: project, reader: read },
    client_usage: { appender: project, reader: read },
    policy_bundles: { appender: append, reader: read },
    rate_limits: { appender: keep, reader: nothing },
    relay_lease: { appender: ['select', 'update'], reader: read },
    sealing_keys: { appender: append, reader: nothing },
    signing_keys: { appender: retire, reader: nothing },
    cookie_keys: { appender: retire, reader: nothing },
    oauth_models: { appender: keep, reader: nothing },
    // Never changed, but removing expired rows locks them first, and a row lock asks for the right to update.
    revoked_tokens: { appender: keep, reader: nothing },
    users: { appender: project, reader: nothing },
    schema_migrations: { appender: read, reader: read },
  },
  functions: {
    append_events: ['appender'],
    project_rows: ['appender'],
    guarded_state: ['appender'],
    take_over_claims: ['appender'],
    retire_idempotency_keys: ['appender'],
    maintain_decision_inputs: ['appender'],
    ensure_decision_input_partition: [],
    refuse_change_of_events: [],
  },
};
