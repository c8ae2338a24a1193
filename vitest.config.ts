import { defineConfig } from 'vitest/config';

/**
 * The suffix of a file decides what it needs: `*.spec.ts` nothing, `*.int-spec.ts` PostgreSQL, `*.kafka-spec.ts`
 * PostgreSQL and Apache Kafka, `*.e2e-spec.ts` the whole service on both.
 */
export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['src/**/*.spec.ts', 'test/**/*.spec.ts', 'bench/**/*.spec.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['src/**/*.int-spec.ts', 'test/**/*.int-spec.ts'],
          globalSetup: ['test/support/postgres.global.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'kafka',
          include: ['src/**/*.kafka-spec.ts', 'test/**/*.kafka-spec.ts', 'test/**/*.e2e-spec.ts'],
          globalSetup: ['test/support/postgres.global.ts', 'test/support/kafka.global.ts'],
        },
      },
    ],
  },
});
