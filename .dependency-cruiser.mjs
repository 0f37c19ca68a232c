/** Who may import what: the layers of the compiler and the rooms of what runs, as rules (ARCHITECTURE.md says why). Tests are free. */

/** Each layer, the layers that it may import, and the packages. */
const layers = [
  { from: '^src/diagnostics/', layers: ['diagnostics'], packages: ['get-east-asian-width'] },
  { from: '^src/text/', layers: ['text', 'diagnostics'], packages: ['valibot'] },
  { from: '^src/dialect/', layers: ['dialect'], packages: [] },
  { from: '^src/host/', layers: ['host', 'text', 'diagnostics'], packages: ['jsonc-parser'] },
  { from: '^src/project/', layers: ['project', 'frontend', 'host', 'text', 'diagnostics'], packages: [] },
  {
    from: '^src/frontend/',
    layers: ['frontend', 'text', 'diagnostics'],
    packages: ['chevrotain', 'xmllint-wasm'],
  },
  { from: '^src/ir/', layers: ['ir', 'host', 'text', 'diagnostics'], packages: [] },
  { from: '^src/passes/', layers: ['passes', 'ir', 'host', 'dialect', 'text', 'diagnostics'], packages: [] },
  { from: '^src/backends/', layers: ['backends', 'ir', 'text', 'diagnostics'], packages: ['handlebars'] },
  { from: '^src/changes/', layers: ['changes', 'ir', 'text', 'diagnostics'], packages: [] },
  { from: '^src/hardware/', layers: ['hardware', 'ir', 'text', 'diagnostics'], packages: [] },
  {
    from: '^src/compile/',
    layers: ['compile', 'frontend', 'ir', 'host', 'dialect', 'passes', 'backends', 'diagnostics'],
    packages: [],
  },
  {
    from: '^src/index[.]ts$',
    layers: ['compile', 'frontend', 'ir', 'host', 'dialect', 'backends', 'hardware', 'diagnostics'],
    packages: [],
  },
  {
    from: '^src/selftest/',
    layers: ['selftest', 'compile', 'backends', 'ir', 'host', 'text', 'diagnostics'],
    packages: [],
  },
  { from: '^src/system/', layers: ['system', 'diagnostics'], packages: ['picocolors'] },
  {
    from: '^src/documents/',
    layers: [
      ...['documents', 'compile', 'system', 'project', 'frontend', 'host', 'dialect', 'hardware', 'ir', 'text'],
      'diagnostics',
    ],
    packages: ['tinyglobby'],
  },
  { from: '^src/survey/', layers: ['survey', 'system', 'ir', 'host'], packages: [] },
  {
    from: '^src/launches/',
    layers: ['launches', 'system', 'backends'],
    packages: [],
  },
  { from: '^src/consoles/', layers: ['consoles', 'system', 'ir'], packages: [] },
  { from: '^src/control/', layers: ['control', 'system', 'text'], packages: [] },
  {
    from: '^src/supervisor/',
    layers: [
      ...['supervisor', 'launches', 'consoles', 'control', 'system', 'text'],
      ...['compile', 'backends', 'frontend', 'ir', 'diagnostics'],
    ],
    packages: [],
  },
  { from: '^src/run/', layers: ['run', 'launches', 'system', 'backends', 'ir', 'text', 'diagnostics'], packages: [] },
  { from: '^src/build/', layers: ['build', 'system', 'backends', 'ir', 'text'], packages: ['diff'] },
  {
    from: '^src/rehearsal/',
    layers: ['rehearsal', 'build', 'system', 'backends', 'ir', 'text', 'diagnostics'],
    packages: ['diff'],
  },
];

/** The doors of rooms: what others may import of them. All of `system` is open. */
export const doors = {
  compile: ['compile', 'lower', 'place', 'remember', 'stages'],
  backends: [
    ...['emit', 'index', 'backend', 'tree', 'known-manifest', 'manifest-shape', 'argv/emit', 'argv/format'],
    ...['plan-file/read', 'rcd/supervisor', 'text/secrets'],
  ],
  documents: [
    ...[
      'documents',
      'flags',
      'hosts',
      'inputs',
      'jobs',
      'lock-file',
      'memory',
      'named-files',
      'next-lock',
      'passwords',
      'project',
      'shared',
      'tally',
      'watched',
    ],
  ],
  selftest: ['answers', 'report', 'report-shape', 'script', 'show-answers'],
  survey: ['identity', 'observe', 'probe', 'system'],
  launches: ['facts', 'guest-files', 'happenings', 'launches', 'paths', 'report-file', 'running', 'turns'],
  consoles: ['consoles', 'contract', 'escape', 'foreground', 'log', 'log-io'],
  control: [
    ...['protocol', 'vocabulary', 'wire-answers', 'wire-table', 'server/control', 'server/socket'],
    ...['client/client', 'client/problem', 'client/proxy', 'client/uri'],
  ],
  supervisor: ['compiler', 'paths', 'runtime/runtime'],
  run: ['dry-run', 'ending', 'keeper', 'progress'],
  build: ['folder', 'problem', 'replace-files', 'show-changes', 'staging', 'written'],
  rehearsal: ['files', 'host', 'manifest', 'rehearse-all', 'rehearse-host', 'story', 'units'],
};

const doorRules = Object.entries(doors).map(([room, modules]) => ({
  name: `${room}: doors`,
  comment: `others import ${modules.join(', ')} of ${room}`,
  severity: 'error',
  from: { path: '^src/', pathNot: [`^src/${room}/`, '[.]test[.]ts$'] },
  to: { path: `^src/${room}/`, pathNot: `^src/${room}/(?:${modules.join('|')})[.]ts$` },
}));

const anyPackage = 'node_modules/';
/** Where side effects are. All else is pure: no file, no process, no clock. */
export const nodeFolders = [
  ...[
    '^src/cli/',
    '^src/system/',
    '^src/documents/',
    '^src/survey/',
    '^src/launches/',
    '^src/consoles/',
    '^src/control/(?:client|server)/',
  ],
  ...['^src/supervisor/(?:compiler[.]ts|paths[.]ts|runtime/)', '^src/run/', '^src/build/', '^src/rehearsal/'],
];

const layerRules = layers.flatMap(({ from, layers: allowed, packages }) => {
  const layer = from
    .replaceAll(/[^a-z]/g, ' ')
    .trim()
    .replace(/^src /, '');
  const folders = `^src/(?:${allowed.join('|')})/|^templates/`;
  const named = packages.map((name) => `^${anyPackage}${name}/`).join('|');
  const isPasses = from === '^src/passes/';
  return [
    {
      name: `${layer}: layers`,
      comment: `${layer} may import ${allowed.join(', ')}`,
      severity: 'error',
      from: { path: from, pathNot: '[.]test[.]ts$' },
      to: {
        path: '^(?:src|templates)/',
        pathNot: isPasses
          ? [folders, '^src/frontend/(?:domain[.]ts|elements/|network/network[.]ts|storage/storage[.]ts)']
          : [folders],
      },
    },
    {
      name: `${layer}: packages`,
      comment: `${layer} may use ${packages.length === 0 ? 'no package' : packages.join(', ')}`,
      severity: 'error',
      from: { path: from, pathNot: '[.]test[.]ts$' },
      to: { path: anyPackage, ...(named === '' ? {} : { pathNot: named }) },
    },
  ];
});

export default {
  forbidden: [
    ...layerRules,
    ...doorRules,
    {
      name: 'passes: types of the frontend only',
      severity: 'error',
      from: { path: '^src/passes/', pathNot: '[.]test[.]ts$' },
      to: { path: '^src/frontend/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'passes are called by the compiler',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/passes/', '^src/compile/', '[.]test[.]ts$'] },
      to: { path: '^src/passes/' },
    },
    {
      name: 'nobody imports the command line',
      severity: 'error',
      from: { pathNot: ['^src/cli/', '^test/', '^scripts/'] },
      to: { path: '^src/cli/' },
    },
    {
      name: 'cli: packages',
      severity: 'error',
      from: { path: '^src/cli/', pathNot: '[.]test[.]ts$' },
      to: {
        path: anyPackage,
        pathNot: '^node_modules/(?:commander)/',
      },
    },
    {
      name: 'handlebars: one file',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/backends/text/engine[.]ts$', '[.]test[.]ts$'] },
      to: { path: '^node_modules/handlebars/' },
    },
    {
      name: 'no node modules in the compiler',
      comment: 'the compiler is pure: files, processes, clock and environment exist in the command line only',
      severity: 'error',
      from: { path: '^src/', pathNot: [...nodeFolders, '[.]test[.]ts$', '[.]gen[.]'] },
      to: { dependencyTypes: ['core'] },
    },
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no orphans',
      severity: 'error',
      from: {
        orphan: true,
        path: '^src/',
        pathNot: ['[.]d[.]m?ts$', '[.]test[.]ts$', '[.]md$', '[.]rng$', '[.]json$'],
      },
      to: {},
    },
    {
      name: 'no unknown modules',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^bhyvec:|^sarif$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.mjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
