import { readFileSync } from 'node:fs';
import type * as tf from '@tensorflow/tfjs';
import { unzipSync } from 'fflate';
import type { GraphArtifacts } from '../../src/index.js';

/** What TensorFlow computes with a graph: see make-graph-models.py. */
interface Expected {
  readonly shape: [number, number, number, number];
  readonly images: number[];
  readonly scores: number[][];
  /** Of the array of each node its sum, and its sum with the weights sin(0), sin(1), ... */
  readonly sums: Readonly<Record<string, [number, number]>>;
  /** The operation of each node in `sums`. */
  readonly operations: Readonly<Record<string, string>>;
}

const files = unzipSync(readFileSync(new URL('../fixtures/graph-models.zip', import.meta.url)));

/** The names of the graphs. */
export const GRAPHS = [...new Set(Object.keys(files).map((path) => path.split('/')[0]))];

/** The bytes of model.json and weights.bin. */
export const graphFiles = (name: string): Record<string, Uint8Array> => ({
  'model.json': files[`${name}/model.json`],
  'weights.bin': files[`${name}/weights.bin`],
});

/** The file of Keras of the same network. */
export const kerasFile = (name: string): Uint8Array => files[`${name.replace('-raw', '')}/model.keras`];

const parse = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes));

export const expectedOf = (name: string): Expected => parse(files[`${name}/expected.json`]) as Expected;

interface GraphJson {
  modelTopology: { node: { name: string; op: string; input?: string[]; attr: Record<string, object> }[] };
  weightsManifest: { paths: string[]; weights: tf.io.WeightsManifestEntry[] }[];
  signature: object;
}

export const graphJson = (name: string): GraphJson => parse(files[`${name}/model.json`]) as GraphJson;

/** What importGraphModel reads, after changes of the parsed model.json. */
export function graphArtifacts(name: string, change: (json: GraphJson) => void = () => {}): GraphArtifacts {
  const json = graphJson(name);
  change(json);
  return {
    modelTopology: json.modelTopology,
    weightSpecs: json.weightsManifest.flatMap(({ weights }) => weights),
    weightData: files[`${name}/weights.bin`].slice().buffer,
    signature: json.signature,
  };
}
