import { InputError } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import type { Shape } from '../layers/keras-layer.js';
import { integersAttribute, textAttribute } from './attributes.js';
import { quote, type NodeDef } from './graph-topology.js';
import type { LoadedGraph } from './trial-run.js';

export interface GraphNodeOptions {
  readonly node: NodeDef;
  /** The Keras layer that computes the same; "Lambda" for others. */
  readonly kind: string;
  /** The nodes that the layer reads, in the order of its inputs. */
  readonly reads: readonly string[];
  /** The shape of its output, null for the images and for any size. */
  readonly outputShape: Shape;
  /** The shapes of the weights that the node itself reads. */
  readonly weightShapes: readonly (readonly number[])[];
  readonly graph: LoadedGraph;
}

/** What a convolution or pooling says of its windows, by the names of the fields of TensorFlow.js layers. */
function windowFields({ node, kind, weightShapes }: GraphNodeOptions): object {
  const padding = textAttribute(node, 'padding');
  const alongImage = (name: string) => {
    const values = integersAttribute(node, name);
    return values.length === 4 ? values.slice(1, 3) : [1, 1];
  };
  if (padding !== 'SAME' && padding !== 'VALID') return {};
  const fields = { strides: alongImage('strides'), padding: padding.toLowerCase() };
  if (/Pooling2D$/.test(kind)) return { ...fields, poolSize: alongImage('ksize') };
  const filter = weightShapes.find(({ length }) => length === 4);
  return filter ? { ...fields, kernelSize: filter.slice(0, 2), dilationRate: alongImage('dilations') } : {};
}

/**
 * A node of a graph model as a layer. It has no weights of its own: those of the graph are not copied, and cannot be changed.
 * Its class is "tf." and the operation, such as "tf.Conv2D".
 */
export class GraphNodeLayer extends tf.layers.Layer {
  static readonly className = 'GraphNode';
  /** Channels are behind rows and columns: others are refused. */
  readonly dataFormat = 'channelsLast';

  constructor(private readonly node: GraphNodeOptions) {
    super({ name: node.node.name, trainable: false });
    Object.assign(this, windowFields(node));
  }

  override getClassName(): string {
    return `tf.${this.node.node.op}`;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), kind: this.node.kind };
  }

  override countParams(): number {
    const sizes = this.node.weightShapes.map((shape) => shape.reduce((product, size) => product * size, 1));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  override computeOutputShape(shapes: Shape | Shape[]): Shape {
    const inputs = (Array.isArray(shapes[0]) ? shapes : [shapes]) as Shape[];
    const [, ...sizes] = this.node.outputShape;
    if (sizes.every((size) => size !== null)) return [inputs[0][0], ...sizes];
    if (inputs.some(([, ...size]) => size.includes(null))) return [inputs[0][0], ...sizes];
    // Of other image sizes than those that were tried.
    const output = tf.tidy(() =>
      this.compute(inputs.map((shape) => tf.zeros(shape.map((size) => size ?? 1)))),
    );
    output.dispose();
    return [inputs[0][0], ...output.shape.slice(1)];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => this.compute([inputs].flat()));
  }

  private compute(inputs: readonly tf.Tensor[]): tf.Tensor {
    const { reads, graph, outputShape } = this.node;
    const feeds = Object.fromEntries(reads.map((name, i) => [name, inputs[i]]));
    const output = graph.execute(feeds, this.name) as tf.Tensor;
    if (output.shape.length !== outputShape.length || output.shape[0] !== inputs[0].shape[0])
      throw new InputError(
        `Expected node ${quote(this.name)} to compute one row for each image, got ${output.shape.join(' x ')} for ` +
          `${inputs[0].shape[0]} images`,
      );
    return output;
  }
}
