import type { LayerSpecification, ModelSpecification } from './model-specification.ts';

/** The options by which each kind of layer names the initialisers of its kernels. */
const kernelOptions: Readonly<Record<string, readonly string[]>> = {
  dense: ['kernelInitializer'],
  conv1d: ['kernelInitializer'],
  conv2d: ['kernelInitializer'],
  conv3d: ['kernelInitializer'],
  conv2dTranspose: ['kernelInitializer'],
  conv3dTranspose: ['kernelInitializer'],
  depthwiseConv2d: ['depthwiseInitializer'],
  separableConv2d: ['depthwiseInitializer', 'pointwiseInitializer'],
  simpleRNN: ['kernelInitializer'],
  gru: ['kernelInitializer'],
  lstm: ['kernelInitializer'],
  convLstm2d: ['kernelInitializer'],
};

/** U(±1/√fan-in) is PyTorch's default for biases too; every other scheme leaves them at zero. */
const namesBiases = (initializer: string): boolean => initializer === 'fanInUniform';

/** The model with an initialiser for every kernel that the experiment left open; those between steps keep their own. */
export function withDefaultInitializer(model: ModelSpecification, initializer: string): ModelSpecification {
  const complete = ({ type, options }: LayerSpecification): LayerSpecification => {
    const kernels = Object.hasOwn(kernelOptions, type) ? (kernelOptions[type] ?? []) : [];
    const open = [...kernels, ...(kernels.length > 0 && namesBiases(initializer) ? ['biasInitializer'] : [])];
    const defaults = Object.fromEntries(open.map((option) => [option, initializer]));
    return { type, options: { ...defaults, ...options } };
  };
  return { layers: model.layers.map(complete) };
}
