/**
 * The floors of src/: each imports only the floors below it (ADR 0007 tells why).
 * contract <- domain <- platform <- application <- features <- main, cli, app.module
 */
const floors = ['contract', 'domain', 'platform', 'application', 'features'];

const onlyFloorsBelow = floors.map((floor, index) => ({
  name: `${floor}-imports-only-floors-below`,
  severity: 'error',
  from: { path: `^src/${floor}/` },
  to: {
    path: `^src/(${[...floors.slice(index + 1).map((above) => `${above}/`), 'startup/', 'commands/', '[^/]+[.]ts$'].join('|')})`,
  },
}));

/** Deterministic, side-effect free packages that the pure floors may use. */
const pureLibraries = ['tldts'];

module.exports = {
  forbidden: [
    ...onlyFloorsBelow,
    {
      name: 'features-are-siblings',
      severity: 'error',
      from: { path: '^src/features/([^/]+)/' },
      to: { path: '^src/features/', pathNot: '^src/features/$1/' },
    },
    {
      name: 'contract-imports-nothing',
      severity: 'error',
      from: { path: '^src/contract/', pathNot: '[.]spec[.]ts$' },
      to: { pathNot: '^src/contract/' },
    },
    {
      name: 'domain-is-pure',
      severity: 'error',
      from: { path: '^src/domain/', pathNot: '[.]spec[.]ts$' },
      to: {
        dependencyTypesNot: ['local'],
        pathNot: `^node_modules/(${pureLibraries.join('|')})/`,
      },
    },
    {
      name: 'src-never-imports-tests',
      severity: 'error',
      from: { path: '^src/', pathNot: '[.]((int|kafka)-)?spec[.]ts$' },
      to: { path: '^test/' },
    },
    {
      name: 'opentelemetry-in-one-file',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/platform/telemetry/tracing/open-telemetry[.]ts$' },
      to: { path: 'node_modules/@opentelemetry/' },
    },
    {
      name: 'opentelemetry-only-when-it-is-wanted',
      comment: 'Who does not trace loads no SDK: the file is imported by import() alone.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/platform/telemetry/tracing/open-telemetry[.]ts$', dynamic: false },
    },
    {
      name: 'conformance-knows-nothing-of-us',
      comment: 'The suite tests any server from outside: it needs Node and itself.',
      severity: 'error',
      from: { path: '^src/conformance/', pathNot: '[.]spec[.]ts$' },
      to: { dependencyTypesNot: ['core'], pathNot: '^src/conformance/' },
    },
    {
      name: 'conformance-is-a-command',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(conformance|commands)/' },
      to: { path: '^src/conformance/' },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: '[.]((int|kafka)-)?spec[.]ts$' },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
