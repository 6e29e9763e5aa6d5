/** One layer as the experiment file gives it: a tf.layers name and its options. */
export interface LayerSpecification {
  /** tf.layers factory name: `dense`, `conv2d`, `flatten` … */
  readonly type: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** A chain of layers; the input shape comes from the data. */
export interface ModelSpecification {
  readonly layers: readonly LayerSpecification[];
}
