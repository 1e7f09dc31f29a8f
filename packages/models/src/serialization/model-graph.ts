import { InputError, type LayerTopology } from '@convlens/core';

type Config = Record<string, unknown>;

/** A layer of a functional model: how often it is called, and the outputs that each call reads. */
interface CalledLayer {
  readonly name: string;
  /** Each call reads outputs of calls of other layers. */
  readonly calls: readonly (readonly LayerOutput[])[];
  /** The calls that the layer has when it is created: an input has one, and so has a model, on its own inputs. */
  readonly firstCalls: number;
}

interface LayerOutput {
  readonly layer: string;
  readonly call: number;
}

const isObject = (value: unknown): value is Config =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const configOf = (layer: LayerTopology): Config => (isObject(layer.config) ? layer.config : {});

/** The layers of a model, or the layer inside a wrapper. */
function innerTopologies({ config }: LayerTopology): LayerTopology[] {
  const { layers, layer } = isObject(config) ? config : {};
  const all: unknown[] = [config, layers].find(Array.isArray) ?? [];
  return [...all, layer].filter(isObject) as LayerTopology[];
}

/**
 * Refuses a topology in which a layer reads an output that is never computed: TensorFlow.js would look for it forever.
 *
 * @param location the file, for the message
 * @throws InputError that names the layer.
 */
export function expectComputable(topology: LayerTopology, location: string): void {
  const { layers } = configOf(topology);
  if (Array.isArray(layers) && topology.class_name !== 'Sequential') {
    const called = layers.map((layer) => calledLayer(layer as LayerTopology, location));
    expectUniqueNames(
      called.map(({ name }) => name),
      location,
    );
    expectUniqueNames(
      layers.map((layer) => configOf(layer as LayerTopology).name),
      location,
    );
    expectAllComputed(called, location);
  }
  for (const inner of innerTopologies(topology)) expectComputable(inner, location);
}

function calledLayer(topology: LayerTopology, location: string): CalledLayer {
  const { name, inbound_nodes: snakeCase, inboundNodes } = (isObject(topology) ? topology : {}) as Config;
  const nodes = snakeCase ?? inboundNodes ?? [];
  const fail = (expected: string, found: unknown): never => {
    throw new InputError(
      `Expected ${location} to have ${expected}, got ${JSON.stringify(found)?.slice(0, 100) ?? 'none'}`,
    );
  };
  if (typeof name !== 'string') return fail('layers with a name', name);
  if (!Array.isArray(nodes)) return fail(`inbound_nodes of ${JSON.stringify(name)}, a list`, nodes);
  const lists = nodes.map((node: unknown): unknown[] =>
    Array.isArray(node) ? node : fail(`inbound_nodes of ${JSON.stringify(name)}, a list of lists`, node),
  );
  // A call without inputs is not made, and has no output.
  const calls = lists
    .filter((node) => node.length > 0)
    .map((node) =>
      node.map((input: unknown) => {
        const [layer, call, output] = Array.isArray(input) ? (input as unknown[]) : [];
        if (typeof layer !== 'string' || !isCount(call) || !isCount(output))
          return fail(`inputs of ${JSON.stringify(name)} as [layer, call, output]`, input);
        return { layer, call };
      }),
    );
  return { name, calls, firstCalls: topology.class_name === 'InputLayer' || isBuiltModel(topology) ? 1 : 0 };
}

/** Whether a layer is a model with inputs of its own: functional, or a Sequential whose first layer has an input shape. */
function isBuiltModel(topology: LayerTopology): boolean {
  const { layers } = configOf(topology);
  const list = Array.isArray(topology.config) ? topology.config : layers;
  if (!Array.isArray(list)) return false;
  const first = list[0] as LayerTopology | undefined;
  if (topology.class_name !== 'Sequential') return true;
  if (!isObject(first)) return false;
  const { batch_input_shape: shape } = configOf(first);
  return shape !== undefined || first.class_name === 'InputLayer' || isBuiltModel(first);
}

/** A second layer of one name would replace the first, which is waited for. */
function expectUniqueNames(names: readonly unknown[], location: string): void {
  const repeated = names.find((name, i) => name !== undefined && names.indexOf(name) < i);
  if (repeated !== undefined)
    throw new InputError(
      `Expected ${location} to have unique names of layers, got two ${JSON.stringify(repeated)}`,
    );
}

function expectAllComputed(layers: readonly CalledLayer[], location: string): void {
  const computed = new Map(layers.map(({ name, firstCalls }) => [name, firstCalls]));
  const isReady = ({ layer, call }: LayerOutput) => (computed.get(layer) ?? 0) > call;
  let pending = layers.flatMap(({ name, calls }) => calls.map((inputs) => ({ name, inputs })));
  while (pending.length > 0) {
    const blocked = pending.filter(({ name, inputs }) => {
      if (!inputs.every(isReady)) return true;
      computed.set(name, computed.get(name)! + 1);
      return false;
    });
    if (blocked.length === pending.length) {
      const [{ name, inputs }] = blocked;
      const missing = inputs.find((input) => !isReady(input))!;
      throw new InputError(
        `Expected ${location} to compute the inputs of each layer, got layer ${JSON.stringify(name)} that reads call ` +
          `${missing.call} of ${JSON.stringify(missing.layer)}, which is never computed`,
      );
    }
    pending = blocked;
  }
}
