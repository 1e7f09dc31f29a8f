import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { importKeras } from '../../src/index.js';
import { writeHdf5 } from '../hdf5/write-hdf5.js';

beforeAll(() => tf.setBackend('cpu'));

const fixture = (name: string) =>
  new Uint8Array(readFileSync(fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))));
const bytesOf = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
const encode = (json: unknown) => new TextEncoder().encode(JSON.stringify(json));

const archive = (config: unknown) =>
  zipSync({ 'config.json': encode(config), 'model.weights.h5': writeHdf5({}) });
const sequential = (layer: object) => ({
  class_name: 'Sequential',
  config: {
    name: 'm',
    layers: [{ class_name: 'InputLayer', config: { name: 'in', batch_shape: [null, 4, 4, 1] } }, layer],
  },
});

describe('a file that is not a model of Keras is called what it is, with what to do', () => {
  it.each<[string, Uint8Array, RegExp]>([
    [
      'a WebP image',
      bytesOf('RIFF\x10\0\0\0WEBPVP8 '),
      /, a WebP image: a model is expected here; images are given with --image$/,
    ],
    [
      'a state dict of PyTorch before 1.6',
      fixture('torch/old.pt'),
      /, a PyTorch file: it has weights only, which readStateDict reads \(--architecture on the command line\)$/,
    ],
    ['a state dict of PyTorch', fixture('torch/zip.pth'), /it is not a \.keras file but a PyTorch file$/],
    ['safetensors', fixture('3conv.safetensors'), /, a safetensors file: it has weights only/],
    [
      'an architecture',
      fixture('small/architecture.json'),
      /, JSON text: an architecture has no weights: save the model as \.keras$/,
    ],
    [
      'an HTML page',
      bytesOf('<!DOCTYPE html>'),
      /, an HTML page, which a failed download leaves: download it again$/,
    ],
    ['an empty file', new Uint8Array(0), /, an empty file: download it again$/],
    [
      'a TensorFlow Lite model',
      bytesOf('\x1c\0\0\0TFL3'),
      /, a TensorFlow Lite model: save the model as \.keras$/,
    ],
  ])('%s', async (_, bytes, message) => {
    const error = (await importKeras(bytes, { fileName: 'a.keras' }).catch((reason) => reason)) as Error;
    expect(error.name).toBe('InputError');
    expect(error.message).toMatch(/^Expected a\.keras to/);
    expect(error.message).toMatch(message);
    expect(error.message.length).toBeLessThan(250);
  });

  it.each<[string, unknown, RegExp]>([
    [
      'a subclassed model',
      { class_name: 'Mine>Sub', config: { name: 'sub' } },
      /of class Mine>Sub: a subclassed model is code, which a file cannot store: save it as a functional one$/,
    ],
    [
      'a Lambda layer',
      sequential({ class_name: 'Lambda', config: { name: 'lam' } }),
      /layer "lam" of class Lambda with Python code, which is not run: replace it with a layer class of your own, and pass one with this className in customLayers$/,
    ],
    [
      'a layer of an unknown class',
      sequential({ class_name: 'Mystery', config: { name: 'x' } }),
      /layer "x" of class Mystery with an unknown class: pass a class with this className in customLayers \(kerasLayerNames lists the supported ones\)$/,
    ],
  ])('%s', async (_, config, message) => {
    await expect(importKeras(archive(config), { fileName: 'a.keras' })).rejects.toThrow(message);
  });
});
