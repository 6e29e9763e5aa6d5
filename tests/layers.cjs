/** The direction rules of the architecture for dependency-cruiser; read "from may not reach to". */
const below = (folder, ...allowed) => ({
  name: `core/${folder} stands on ${allowed.join(', ') || 'nothing'}`,
  severity: 'error',
  from: { path: `^core/${folder}/` },
  to: {
    path: '^core/',
    pathNot: [`^core/${folder}/`, '^core/(bad-input|nearest-name)\\.ts$', ...allowed.map((name) => `^core/${name}/`)],
  },
});

module.exports = {
  forbidden: [
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'everything resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'core is pure: core and the chosen isomorphic libraries only',
      severity: 'error',
      from: { path: '^core/' },
      to: {
        pathNot: [
          '^core/',
          '^node_modules/(ml-matrix|@tensorflow/tfjs-(core|layers|backend-cpu|backend-wasm)|yaml|fflate|valibot|vega-lite|vega)/',
        ],
      },
    },
    {
      name: 'tensors only in core/models/tensorflow',
      severity: 'error',
      from: { path: '^core/', pathNot: '^core/models/tensorflow/' },
      to: { path: '^node_modules/@tensorflow/' },
    },
    {
      name: 'ml-matrix only in core/linalg',
      severity: 'error',
      from: { path: '^core/', pathNot: '^core/linalg/' },
      to: { path: '^node_modules/ml-matrix/' },
    },
    below('random'),
    below('linalg', 'random'),
    below('data', 'random', 'linalg', 'formats'),
    below('formats', 'linalg'),
    below('figures', 'linalg'),
    below('objective', 'linalg', 'random', 'data'),
    below('models', 'objective', 'linalg', 'random', 'data', 'formats'),
    below('training', 'objective', 'linalg', 'random', 'data'),
    below('analyses', 'models', 'training', 'objective', 'linalg', 'random', 'data'),
    below('experiment', 'analyses', 'models', 'training', 'objective', 'linalg', 'random', 'data', 'formats'),
    {
      name: 'an analysis never sees a model',
      severity: 'error',
      from: { path: '^core/analyses/' },
      to: { path: '^core/models/' },
    },
    {
      name: "an analysis never imports a sibling's method",
      severity: 'error',
      from: { path: '^core/analyses/([^/]+)/' },
      to: { path: '^core/analyses/[^/]+/', pathNot: '^core/analyses/$1/' },
    },
    {
      name: 'electron never reaches into the renderer; the command line never into Electron',
      severity: 'error',
      from: { path: '^electron/' },
      to: { path: '^renderer/|^node_modules/electron/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
};
