import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXPLAIN_METHODS } from '@convlens/pipeline';
import { encode } from 'fast-png';
import { afterAll, describe, expect, it } from 'vitest';
import {
  graphFiles,
  graphJson,
  kerasFile,
} from '../../../../packages/model-import/test/graph/graph-models.js';
import { convlens, filesIn } from '../convlens.js';

const folder = mkdtempSync(join(tmpdir(), 'convlens-graph-'));
afterAll(() => rmSync(folder, { recursive: true }));

function graphFolder(name: string): string {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  for (const [file, bytes] of Object.entries(graphFiles(name))) writeFileSync(join(path, file), bytes);
  return path;
}

/** A folder of images of four classes, which the graph of any image size has. */
const images = join(folder, 'images');
for (const [k, name] of ['ant', 'bee', 'cat', 'dog'].entries()) {
  mkdirSync(join(images, name), { recursive: true });
  for (let i = 0; i < 18; i++) {
    const data = Uint8Array.from({ length: 32 * 32 * 3 }, (_, n) => (n * (k + 2) + i * 40) % 256);
    writeFileSync(join(images, name, `${i}.png`), encode({ width: 32, height: 32, channels: 3, data }));
  }
}

const graph = graphFolder('any-size');
const keras = join(folder, 'any-size.keras');
writeFileSync(keras, kerasFile('any-size'));

describe('convlens with a graph model', () => {
  it.each(['plain', 'residual-raw', 'branches', 'attention', 'any-size'])(
    'lists the nodes of %s that give maps, also by its model.json',
    async (name) => {
      const path = graphFolder(name);
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
    const data = ['--data', images, '--backend', 'cpu', '--out', out];
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

  it('computes every explain method or refuses it by name, and never prints the graph', async () => {
    const refused: string[] = [];
    const computed: string[] = [];
    for (const { id } of EXPLAIN_METHODS) {
      const out = join(folder, 'all');
      const data = ['--data', images, '--backend', 'cpu', '--out', out];
      const { status, stdout, stderr } = await convlens('explain', graph, '--method', id, ...data);
      expect(`${stdout}${stderr}`.length, id).toBeLessThan(5000);
      expect(`${stdout}${stderr}`, id).not.toContain('DT_FLOAT');
      if (status === 0) {
        computed.push(id);
        continue;
      }
      expect([id, status]).toEqual([id, 2]);
      if (stderr.includes(`The method ${id} does not take graph models`)) {
        expect(stderr).toMatch(/save the Keras model as \.keras or \.h5, and open that/);
        refused.push(id);
      } else expect(stderr, id).toMatch(/^$/);
    }
    expect([computed, refused]).toEqual([]);
  });

  it('names the node of a graph that cannot be read', async () => {
    const path = graphFolder('plain-raw');
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
