import { describe, expect, it } from 'vitest';
import { completeTopology, freezeAsDescribed } from '../../src/index.js';

const described = (name: string, className: string, config: object = {}) => ({
  class_name: className,
  config: { name, ...config },
});
const layer = (name: string, fields: object = {}) => ({ name, trainable: true, weights: [], ...fields });

describe('completeTopology', () => {
  const separable = layer('s', { depthMultiplier: 3 });
  const complete = described('s', 'SeparableConv2D', { depth_multiplier: 3 });

  it('adds the depth multiplier of a separable convolution', () => {
    expect(completeTopology(separable, described('s', 'SeparableConv2D'))).toEqual(complete);
  });

  it('adds it in a model inside a model, and in a wrapper', () => {
    const model = layer('m', {
      layers: [layer('inner', { layers: [separable] }), layer('td', { layer: separable })],
    });
    const topologyOf = (inner: object) =>
      described('m', 'Model', {
        layers: [
          described('inner', 'Sequential', { layers: [inner] }),
          described('td', 'TimeDistributed', { layer: inner }),
        ],
      });
    expect(completeTopology(model, topologyOf(described('s', 'SeparableConv2D')))).toEqual(
      topologyOf(complete),
    );
  });

  it('replaces the constraint of a depthwise convolution, which is its regularizer, by the constraint', () => {
    const topology = described('d', 'DepthwiseConv2D', { depthwise_constraint: { class_name: 'L1L2' } });
    const constraint = { getClassName: () => 'MaxNorm', getConfig: () => ({ maxValue: 2, axis: 1 }) };
    const constrained = completeTopology(layer('d', { depthwiseConstraint: constraint }), topology);
    expect(constrained.config).toMatchObject({
      depthwise_constraint: { class_name: 'MaxNorm', config: { max_value: 2, axis: 1 } },
    });
    expect(completeTopology(layer('d'), topology).config).toMatchObject({ depthwise_constraint: null });
  });

  it('leaves other layers and the topology that it was given as they are', () => {
    const topology = described('m', 'Sequential', { layers: [described('d', 'Dense', { units: 3 })] });
    const before = structuredClone(topology);
    expect(completeTopology(layer('m', { layers: [layer('d')] }), topology)).toEqual(before);
    expect(topology).toEqual(before);
  });

  it('marks a frozen model inside the model, which freezeAsDescribed freezes', () => {
    const inner = layer('inner', { layers: [layer('d')], trainable: false });
    const model = layer('m', { layers: [inner, layer('e')] });
    const topology = described('m', 'Model', {
      layers: [described('inner', 'Model', { layers: [described('d', 'Dense')] }), described('e', 'Dense')],
    });
    const loaded = layer('inner', { layers: [layer('d')] });
    const outer = layer('m', { layers: [loaded, layer('e')] });
    freezeAsDescribed(outer, completeTopology(model, topology));
    expect([loaded.trainable, outer.trainable]).toEqual([false, true]);
  });
});
