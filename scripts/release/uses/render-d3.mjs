import assert from 'node:assert';
import { trainingCurves } from '@convlens/render-d3';
import { renderSvg } from '@convlens/render-d3/node';

const history = [1, 2, 3].map((n, epoch) => ({
  epoch,
  learningRate: 1e-3,
  loss: 2 / n,
  accuracy: 1 - 0.6 / n,
  seconds: 1,
  metrics: {},
}));
assert.match(renderSvg(trainingCurves, history), /^<svg/);
