import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { graphJson } from '../../../../packages/model-import/test/graph/graph-models.js';
import { convlens, filesIn } from '../convlens.js';
import { isExplained, writeGraph, writeGraphAndImages } from './graph-folder.js';

const folder = mkdtempSync(join(tmpdir(), 'convlens-graph-'));
afterAll(() => rmSync(folder, { recursive: true }));

const { graph, keras, images } = writeGraphAndImages(folder);

describe('convlens with a graph model', () => {
  it.each(['plain', 'residual-raw', 'branches', 'attention', 'any-size'])(
    'lists the nodes of %s that give maps, also by its model.json',
    async (name) => {
      const path = writeGraph(folder, name);
      for (const source of [path, join(path, 'model.json')]) {
        const { status, stdout, stderr } = await convlens('layers', source, '--backend', 'cpu');
        expect([status, stderr]).toEqual([0, '']);
        expect(stdout).toMatch(/tf\.(_Fused)?Conv2D +\S+ x \S+ x \d/);
        expect(stdout).not.toMatch(/tf\.(Const|Identity|NoOp|Shape|Pack|StridedSlice) /);
      }
    },
  );

  it('evaluates it as the Keras model', async () => {
    const lines = [];
    for (const source of [graph, keras]) {
      const { status, stdout, stderr } = await convlens(
        'evaluate',
        source,
        '--data',
        images,
        '--pixels',
        '0..1',
        '--backend',
        'cpu',
      );
      expect([status, stderr]).toEqual([0, '']);
      lines.push(stdout);
    }
    expect(lines[0]).toMatch(/accuracy/);
    expect(lines[0]).toBe(lines[1]);
  });

  it.each([
    ['feature-maps', ['--layer', 'functional_4_1/conv1_1/Relu']],
    ['feature-maps', ['--layer', 'last-conv']],
    ['occlusion', []],
    ['score-cam', []],
  ])('explains it by %s %j', async (method, args) => {
    const out = join(folder, `${method}${args.length}`);
    const selection = ['--index', '0'];
    const data = ['--data', images, '--pixels', '0..1', '--backend', 'cpu', '--out', out];
    const { status, stderr } = await convlens(
      'explain',
      graph,
      '--method',
      method,
      ...args,
      ...selection,
      ...data,
    );
    expect([status, stderr]).toEqual([0, '']);
    expect(filesIn(out).some((file) => file.endsWith('.png'))).toBe(true);
    rmSync(out, { recursive: true });
  });

  it.each(['saliency', 'grad-cam', 'kernels', 'feature-visualization'])(
    'refuses %s by name',
    async (method) => {
      expect(await isExplained(method, { graph, images, out: join(folder, 'none') })).toBe(false);
    },
  );

  it('names the node of a graph that cannot be read', async () => {
    const path = writeGraph(folder, 'plain-raw');
    const json = graphJson('plain-raw');
    const pool = json.modelTopology.node.find(({ op }) => op === 'MaxPool')!;
    pool.op = 'NonMaxSuppressionV5';
    writeFileSync(join(path, 'model.json'), JSON.stringify(json));
    const { status, stderr } = await convlens('layers', path);
    expect(status).toBe(2);
    expect(stderr).toContain(`got node "${pool.name}" of operation "NonMaxSuppressionV5"`);
    expect(stderr.length).toBeLessThan(500);
    expect(readFileSync(join(path, 'model.json'), 'utf8').length).toBeGreaterThan(5000);
  });
});
