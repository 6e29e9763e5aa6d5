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
    below('experiment', 'analyses', 'models', 'training', 'objective', 'linalg', 'random', 'data', 'formats', 'figures'),
    below('protocol', 'experiment', 'analyses', 'models', 'training', 'objective', 'linalg', 'data', 'formats', 'figures'),
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
      name: 'electron never reaches into the renderer',
      severity: 'error',
      from: { path: '^electron/' },
      to: { path: '^renderer/' },
    },
    {
      name: 'electron only in main and preload',
      severity: 'error',
      from: { path: '^(core|electron|renderer)/', pathNot: '^electron/(main|preload)/' },
      to: { path: '^(node_modules/)?electron(/|$)', pathNot: '^electron/' },
    },
    {
      name: 'preload knows the contract only',
      severity: 'error',
      from: { path: '^electron/preload/' },
      to: { path: '^(core|electron)/', pathNot: '^core/protocol/|^electron/preload/' },
    },
    {
      name: 'the page shows: it knows contracts, experiments, figures and descriptors, never what computes',
      severity: 'error',
      from: { path: '^renderer/' },
      to: {
        path: '^(core|electron)/',
        pathNot: [
          '^core/(protocol|experiment|figures|formats)/',
          '^core/analyses/(index|analysis-descriptor)\\.ts$',
          '^core/analyses/[^/]+/descriptor\\.ts$',
          '^core/(bad-input|nearest-name)\\.ts$',
        ],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'no tensor engine in the page',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^node_modules/@tensorflow/|^core/models/tensorflow/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'nothing of the tensor engine is reachable from the page',
      severity: 'error',
      from: { path: '^renderer/main\\.tsx$' },
      to: { path: '^core/(models/tensorflow|analyses/[^/]+/run\\.ts)', reachable: true },
    },
    {
      name: 'three only in the scene',
      severity: 'error',
      from: { path: '^(core|electron|renderer)/', pathNot: '^renderer/scene/' },
      to: { path: '^node_modules/three/' },
    },
    {
      name: 'uplot only in the charts',
      severity: 'error',
      from: { path: '^(core|electron|renderer)/', pathNot: '^renderer/charts/' },
      to: { path: '^node_modules/uplot/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
};
