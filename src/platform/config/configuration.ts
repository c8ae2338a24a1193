/** Whether generated keys, the development sign-in and the embedded database may exist: DESIGN section 9. */
export type Mode = 'development' | 'production';

/** The service's settings, checked once at start. Built from the environment by `readConfiguration`. */
export interface Configuration {
  readonly mode: Mode;
  /** Issuer of the default realm and base of every absolute URL we emit; no trailing slash. */
  readonly publicUrl: string;
  readonly host: string;
  readonly port: number;
  /** Undefined: embedded PostgreSQL under `dataDirectory`. */
  readonly databaseUrl: string | undefined;
  /** Connects as the owner of the tables. */
  readonly migrationDatabaseUrl: string | undefined;
  /** A connection that no pooler sits on, for migrations and commands. */
  readonly databaseDirectUrl: string | undefined;
  /** Where the embedded database and the generated keys lie. */
  readonly dataDirectory: string;
  /** 32 bytes or more. */
  readonly masterKey: Buffer;
  /** Null: the relay idles and says so. */
  readonly kafka: KafkaConfiguration | null;
  readonly roles: ReadonlySet<'api' | 'relay'>;
  readonly adminToken: string;
  readonly policyDirectory: string;
  /** Addresses or CIDR ranges whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  readonly rateLimits: RateLimits;
  /** Most clients of a realm that came without a token and were never used; null = no limit. */
  readonly registrationCapacity: number | null;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
}

/** All a minute; null = no limit. ADR 0015 has the reasons. */
export interface RateLimits {
  /** Registrations from one address. */
  readonly address: number | null;
  /** Registrations with one body from one address. */
  readonly sameRequest: number | null;
  /** Registrations with one redirect host, software_id or body, over all addresses. */
  readonly shared: number | null;
  /** Registrations with one initial access token. */
  readonly token: number | null;
  /** Failed authentications for one client from one address. */
  readonly failures: number | null;
}

/** Where the database is, and as whom. */
export type DatabaseSettings = Pick<
  Configuration,
  'databaseUrl' | 'migrationDatabaseUrl' | 'databaseDirectUrl' | 'dataDirectory'
>;

export interface KafkaConfiguration {
  readonly brokers: readonly string[];
  readonly ssl: boolean;
  readonly sasl: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  } | null;
}
