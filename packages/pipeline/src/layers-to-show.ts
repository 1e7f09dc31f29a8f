import { keyLayers } from '@convlens/activations';
import { InputError } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';

/** The layers a report looks at when nobody says which. */
export interface LayersToShow {
  /** The first Conv2D: its kernels. */
  kernels: string;
  /** What the first convolution puts out, after batch norm and activation: its maps. */
  maps: string;
  /** The same of the convolution in the middle of the network: the images its filters answer to. */
  top: string;
  /** What every convolution puts out. */
  all: string[];
}

/** Chooses by role, so that it works on any network with convolutions, in nested models too. */
export function layersToShow(model: tf.LayersModel): LayersToShow {
  const convolutions = keyLayers(model).filter(({ kind }) => kind === 'convolution');
  const plain = convolutions.find(({ layer }) => layer.getClassName() === 'Conv2D');
  if (!plain) throw new InputError(`Expected a model with Conv2D layers, got ${model.name} without`);
  const all = convolutions.map(({ output }) => output);
  return {
    kernels: plain.name,
    maps: all[0],
    top: all[Math.floor(all.length / 2)],
    all,
  };
}
