import { featureMapGrid, imageGrid, mount, trainingCurves } from '@convlens/render-d3';
import { createApp, h, onBeforeUnmount, onMounted, ref, shallowRef, watch } from 'vue';
import { historyOf, images, mapsOf } from './records.js';

/** A figure as a component: drawn once, then updated in place whenever its records change. */
const Figure = {
  props: ['figure', 'records', 'options'],
  emits: ['choose'],
  setup(props, { emit }) {
    const element = ref();
    let mounted;
    onMounted(() => {
      const { figure, records, options } = props;
      mounted = mount(element.value, {
        figure,
        records,
        options,
        onChoose: (choice) => emit('choose', choice),
      });
    });
    watch([() => props.records, () => props.options], ([records, options]) =>
      mounted.update(records, options),
    );
    onBeforeUnmount(() => mounted.destroy());
    return () => h('div', { ref: element });
  },
};

export function start(page) {
  // Records are plain data and large: a shallow reference leaves them as they are.
  const history = shallowRef(historyOf(1));
  const maps = shallowRef(mapsOf(0));
  const choose = ({ index }) => index !== undefined && (maps.value = mapsOf(index));
  const app = createApp(() => [
    h(Figure, { figure: trainingCurves, records: history.value }),
    h(Figure, { figure: imageGrid, records: images, onChoose: choose }),
    h(Figure, { figure: featureMapGrid, records: maps.value, options: { input: images } }),
  ]);
  app.mount(page);
  return { showEpochs: (epochs) => (history.value = historyOf(epochs)), stop: () => app.unmount() };
}
