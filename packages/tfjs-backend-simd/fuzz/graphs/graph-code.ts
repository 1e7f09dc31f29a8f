import { fillCode } from '../fill.js';
import { literal } from '../program.js';
import { optimizerCode } from '../reference/optimizers.js';
import { targetFill, weightFill, weightSpecs } from './graph-weights.js';
import type { Graph, GraphNode, Phase } from './graph.js';
import { LAYERS } from './layers/registry.js';

export interface GraphShapes {
  /** By id, with the batch. */
  readonly shapeOf: (id: number) => readonly number[];
}

const isInput = ({ layer }: GraphNode) => layer === 'input';
const list = (names: readonly string[]) => (names.length === 1 ? names[0] : `[${names.join(', ')}]`);

/** The first nodes of all layers that have weights, frozen ones included. */
const weightedNodes = (graph: Graph, { shapeOf }: GraphShapes): readonly GraphNode[] =>
  graph.nodes.filter((node) => node.sharesLayerOf === undefined && weightSpecs(node, shapeOf).length > 0);

function nodeCode(node: GraphNode, { shapeOf }: GraphShapes, graph: Graph): string[] {
  const { id, layer, inputs, options, sharesLayerOf, isFrozen } = node;
  if (isInput(node)) return [`const n${id} = tf.input({ shape: ${literal(options.shape)} });`];
  const spec = LAYERS.get(layer)!;
  const name = `l${sharesLayerOf ?? id}`;
  const apply = `const n${id} = ${name}.apply(${list(inputs.map((input) => `n${input}`))});`;
  if (sharesLayerOf !== undefined) return [apply];
  const code = spec.code(options);
  const create = `const ${name} = tf.layers.${spec.name}(${Object.keys(code).length ? literal(code) : spec.inputs ? '' : '{}'});`;
  const weights = weightSpecs(node, shapeOf).map((weight, i) =>
    fillCode(weightFill(graph, node, i, weight), weight.shape, 'float32'),
  );
  return [
    create,
    apply,
    ...(weights.length > 0 ? [`tf.tidy(() => ${name}.setWeights([${weights.join(', ')}]));`] : []),
    ...(isFrozen ? [`${name}.trainable = false;`] : []),
  ];
}

/** The names of the readings of a phase are those of graph-reference.ts. */
function phaseCode(phase: Phase, graph: Graph, shapes: GraphShapes): string[] {
  const inputs = graph.nodes.filter(isInput);
  const weighted = weightedNodes(graph, shapes);
  const trainable = `[${weighted.map(({ id }) => `l${id}`).join(', ')}].flatMap((layer) => layer.trainableWeights.map((weight) => weight.read()))`;
  const readWeights = weighted.map(
    ({ id }) => `l${id}.getWeights().forEach((weight, i) => read(\`l${id} weight \${i}\`, weight));`,
  );
  switch (phase.kind) {
    case 'predict': {
      const call = phase.how === 'predict' ? 'model.predict(x)' : 'model.apply(x)';
      const reversed = phase.isReversed ? '.reverse()' : '';
      return [`tf.tidy(() => [${call}].flat()${reversed}.forEach((y, i) => read(\`output \${i}\`, y)));`];
    }
    case 'inputGradient': {
      const call = `loss(model.apply(${inputs.length === 1 ? 'inputs[0]' : 'inputs'}, { training: ${phase.training} }))`;
      return [
        `tf.tidy(() => tf.grads((...inputs) => ${call})([x].flat()).forEach((dx, i) => read(\`gradient of input \${i}\`, dx)));`,
      ];
    }
    case 'weightGradient':
      return [
        'tf.tidy(() => {',
        `  const variables = ${trainable};`,
        `  const { value, grads } = tf.variableGrads(() => loss(model.apply(x, { training: ${phase.training} })), variables);`,
        "  read('loss', value);",
        '  variables.forEach((variable, i) => read(`gradient of weight ${i}`, grads[variable.name]));',
        '});',
      ];
    case 'train': {
      const optimizer = `const optimizer = ${optimizerCode(phase.optimizer, phase.rate)};`;
      // TensorFlow.js leaves the learning rate of momentum behind.
      const dispose = `  optimizer.dispose();${/momentum|nesterov/.test(phase.optimizer) ? ' optimizer.c.dispose();' : ''}`;
      if (phase.how === 'minimize')
        return [
          '{',
          `  ${optimizer}`,
          '  for (let step = 0; step < 2; step++) {',
          `    const cost = optimizer.minimize(() => loss(model.apply(x, { training: true })), true, ${trainable});`,
          '    read(`loss ${step}`, cost);',
          '    cost.dispose();',
          '  }',
          ...readWeights.map((line) => `  ${line}`),
          dispose,
          '}',
        ];
      const losses = graph.outputs.map((output) => targetFill(graph, output, shapes.shapeOf(output)).loss);
      const targets = graph.outputs.map((output) => {
        const { fill } = targetFill(graph, output, shapes.shapeOf(output));
        return fillCode(fill, shapes.shapeOf(output), 'float32');
      });
      return [
        '{',
        `  ${optimizer}`,
        `  const targets = [${targets.join(', ')}];`,
        `  model.compile({ optimizer, loss: ${literal(losses)} });`,
        '  for (let step = 0; step < 2; step++)',
        '    read(`loss ${step}`, [await model.trainOnBatch(x, targets)].flat());',
        ...readWeights.map((line) => `  ${line}`),
        '  tf.dispose(targets);',
        dispose,
        '}',
      ];
    }
  }
}

/** The program as JavaScript: creates the model, does each phase and disposes of everything. */
export function graphCode(graph: Graph, shapes: GraphShapes): string {
  const { nodes, outputs, phases, batch } = graph;
  const inputs = nodes.filter(isInput);
  const tensors = inputs.map(({ seed, options }) =>
    fillCode({ ...graph.input, seed }, [batch, ...(options.shape as number[])], 'float32'),
  );
  const coefficients = outputs.map((output) =>
    fillCode({ kind: 'normal', seed: graph.seed + output }, shapes.shapeOf(output), 'float32'),
  );
  const needsLoss = phases.some((phase) => phase.kind !== 'predict');
  return [
    ...nodes.flatMap((node) => nodeCode(node, shapes, graph)),
    `const model = tf.model({ inputs: ${list(inputs.map(({ id }) => `n${id}`))}, outputs: ${list(outputs.map((id) => `n${id}`))} });`,
    `const x = ${list(tensors)};`,
    ...(needsLoss
      ? [
          `const coefficients = [${coefficients.join(', ')}];`,
          'const loss = (ys) => tf.addN([ys].flat().map((y, i) => tf.sum(tf.mul(y, coefficients[i]))));',
        ]
      : []),
    ...phases.flatMap((phase) => phaseCode(phase, graph, shapes)),
    'model.dispose();',
    // TensorFlow.js counts the applications of a layer, and a model gives back one.
    ...nodes
      .filter(({ sharesLayerOf }) => sharesLayerOf !== undefined)
      .map(({ sharesLayerOf }) => `l${sharesLayerOf}.dispose();`),
    `tf.dispose(${needsLoss ? '[x, coefficients]' : 'x'});`,
  ].join('\n');
}
