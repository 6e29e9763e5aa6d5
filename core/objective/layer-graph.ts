/** A weight of a layer. `block` names its block of θ; frozen weights (and running statistics) have none. */
export interface LayerWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly block: string | null;
  readonly frozen: boolean;
}

export interface LayerNode {
  readonly name: string;
  /** The class of the layer as tf.layers names it: `Dense`, `Conv2D`, `Add` … */
  readonly kind: string;
  readonly activation: string | null;
  readonly weights: readonly LayerWeight[];
  /** How often the layer is applied; above 1 its weights are tied between the places. */
  readonly calls: number;
  /** True for layers that join several tensors (Add, Concatenate, Dot …). */
  readonly merges: boolean;
  /**
   * What in the layer has a slope that jumps: `relu`, `hardSigmoid`, `maxPooling`, `l1Penalty` … There the second
   * derivative is a point mass, which no product sees. Absent where it is smooth.
   */
  readonly kinks?: readonly string[];
  /** Batch normalisation: constants, or those of the batch, which couple its examples. */
  readonly statistics?: 'running' | 'batch';
  /** Dropout and noise: left out, or drawn with the seed of the layer (`seeded`) or that of its place (`unseeded`). */
  readonly masks?: 'off' | 'seeded' | 'unseeded';
}

/** A tensor that flows from one layer call to another. `shape` without the batch axis. */
export interface LayerEdge {
  readonly from: string;
  readonly fromCall: number;
  readonly to: string;
  readonly toCall: number;
  readonly shape: readonly (number | null)[];
}

/** Nodes = layers, edges = tensors: what symmetry, alignment and batch-norm policy need to know of a model. */
export interface LayerGraph {
  readonly nodes: readonly LayerNode[];
  readonly edges: readonly LayerEdge[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}
