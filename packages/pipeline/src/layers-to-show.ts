import { InputError } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';

/** The layers a report looks at when nobody says which. */
export interface LayersToShow {
  /** The first convolution: its kernels. */
  kernels: string;
  /** What it puts out, after batch norm and activation: its maps. */
  maps: string;
  /** The same of the convolution in the middle of the network: the images its filters answer to. */
  top: string;
  /** What every convolution puts out. */
  all: string[];
}

const ACTIVATIONS = ['ReLU', 'LeakyReLU', 'PReLU', 'ELU', 'Activation', 'ThresholdedReLU'];
const PASSED = ['BatchNormalization', ...ACTIVATIONS];

/** Follows a convolution through batch norm to its activation, as long as one layer alone reads on. */
function activationAfter(layer: tf.layers.Layer): string {
  for (let at = layer; ;) {
    const readers = at.outboundNodes;
    const next = readers.length === 1 ? readers[0].outboundLayer : undefined;
    if (!next || !PASSED.includes(next.getClassName())) return layer.name;
    if (ACTIVATIONS.includes(next.getClassName())) return next.name;
    at = next;
  }
}

/** The layers that change what an image has become: what convolutions put out, pooling layers, dense layers. */
export function layersOnTheWay(model: tf.LayersModel): string[] {
  const all = new Set(layersToShow(model).all);
  return model.layers
    .filter((layer) => all.has(layer.name) || /Pooling|^Dense$/.test(layer.getClassName()))
    .map(({ name }) => name);
}

/** Chooses by role, so that it works on any network with convolutions at its top level. */
export function layersToShow(model: tf.LayersModel): LayersToShow {
  const convolutions = model.layers.filter((layer) => layer.getClassName() === 'Conv2D');
  if (convolutions.length === 0)
    throw new InputError(`Expected a model with Conv2D layers (at its top level), got ${model.name} without`);
  const all = convolutions.map(activationAfter);
  return {
    kernels: convolutions[0].name,
    maps: all[0],
    top: all[Math.floor(all.length / 2)],
    all,
  };
}
